//! Managed databases under virtual time: each of them is made, listed, shown and deleted, as its waiters expect it.

use ncloud_api::vpc::DeleteSubnet;
use ncloud_api::{vhadoop, vmongodb, vmssql, vmysql, vpostgresql, vredis};

use super::networks::Bench;

const PASSWORD: &str = "TEST-pass-1";

/// The life of a database, the same for each service.
macro_rules! lives {
    (
        $test:ident, $service:ident, $create:expr, $List:ident, $Detail:ident, $Delete:ident, $Created:ident, $Deleted:ident,
        $list:ident, $number:ident, $status:ident, $operation:ident, $servers:ident, $count:literal
    ) => {
        #[test]
        fn $test() {
            let bench = Bench::new();
            let vpc = bench.vpc("net", "10.0.0.0/16");
            let subnet = bench.subnet(&vpc, "10.0.0.0/24");
            let create: fn(&str, &str) -> _ = $create;
            let code = |state: &Option<ncloud_api::CommonCode>| state.as_ref().unwrap().code.clone().unwrap();
            assert_eq!(bench.refusal(&create(&vpc, "1")), "800");
            let made = bench.call(&create(&vpc, &subnet)).unwrap().$list.remove(0);
            assert_eq!(
                (
                    code(&made.$status).as_str(),
                    code(&made.$operation).as_str()
                ),
                ("INIT", "CREAT")
            );
            let number = made.$number.unwrap();
            assert_eq!(bench.refusal(&$service::$Delete::new(&number)), "3000");
            bench.wait(&$service::$Created::new(&number)).unwrap();
            assert_eq!(bench.refusal(&create(&vpc, &subnet)), "1101");
            let list = $service::$List::new().vpc_no(&vpc).subnet_no(&subnet);
            let shown = bench.call(&list).unwrap().$list.remove(0);
            assert_eq!(
                (
                    code(&shown.$status).as_str(),
                    code(&shown.$operation).as_str()
                ),
                ("CREAT", "NULL")
            );
            assert_eq!(shown.$servers.len(), $count);
            assert!(
                shown
                    .$servers
                    .iter()
                    .all(|server| server.subnet_no.as_deref() == Some(subnet.as_str()))
            );
            assert_eq!(bench.refusal(&DeleteSubnet::new(&subnet)), "1103");

            bench.call(&$service::$Delete::new(&number)).unwrap();
            bench.wait(&$service::$Deleted::new(&number)).unwrap();
            assert_eq!(
                bench.call(&$service::$List::new()).unwrap().total_rows,
                Some(0)
            );
            let error = bench
                .call(&detail!($service, $Detail, $number, &number))
                .unwrap_err();
            assert_eq!(
                (error.code(), error.status().map(|status| status.as_u16())),
                (Some("5001017"), Some(400))
            );
            bench.call(&DeleteSubnet::new(&subnet)).unwrap();
        }
    };
}

/// Some detail calls do not require the number that they need.
macro_rules! detail {
    (vhadoop, $Detail:ident, $number:ident, $value:expr) => {
        vhadoop::$Detail::new().$number($value)
    };
    (vmongodb, $Detail:ident, $number:ident, $value:expr) => {
        vmongodb::$Detail::new().$number($value)
    };
    (vredis, $Detail:ident, $number:ident, $value:expr) => {
        vredis::$Detail::new().$number($value)
    };
    ($service:ident, $Detail:ident, $number:ident, $value:expr) => {
        $service::$Detail::new($value)
    };
}

lives!(
    mysql,
    vmysql,
    |vpc, subnet| {
        vmysql::CreateCloudMysqlInstance::new(
            vpc, "orders", "orders", "admin", PASSWORD, "%", "orders", subnet,
        )
    },
    GetCloudMysqlInstanceList,
    GetCloudMysqlInstanceDetail,
    DeleteCloudMysqlInstance,
    CloudMysqlInstanceCreated,
    CloudMysqlInstanceDeleted,
    cloud_mysql_instance_list,
    cloud_mysql_instance_no,
    cloud_mysql_instance_status,
    cloud_mysql_instance_operation,
    cloud_mysql_server_instance_list,
    2
);
lives!(
    postgresql,
    vpostgresql,
    |vpc, subnet| {
        let create = vpostgresql::CreateCloudPostgresqlInstance::new(
            vpc,
            "orders",
            "orders",
            "admin",
            PASSWORD,
            "0.0.0.0/0",
            "orders",
            subnet,
        );
        create.is_ha(false)
    },
    GetCloudPostgresqlInstanceList,
    GetCloudPostgresqlInstanceDetail,
    DeleteCloudPostgresqlInstance,
    CloudPostgresqlInstanceCreated,
    CloudPostgresqlInstanceDeleted,
    cloud_postgresql_instance_list,
    cloud_postgresql_instance_no,
    cloud_postgresql_instance_status,
    cloud_postgresql_instance_operation,
    cloud_postgresql_server_instance_list,
    1
);
lives!(
    mssql,
    vmssql,
    |vpc, subnet| vmssql::CreateCloudMssqlInstance::new(vpc, subnet, "orders", "admin", PASSWORD),
    GetCloudMssqlInstanceList,
    GetCloudMssqlInstanceDetail,
    DeleteCloudMssqlInstance,
    CloudMssqlInstanceCreated,
    CloudMssqlInstanceDeleted,
    cloud_mssql_instance_list,
    cloud_mssql_instance_no,
    cloud_mssql_instance_status,
    cloud_mssql_instance_operation,
    cloud_mssql_server_instance_list,
    2
);
lives!(
    mongodb,
    vmongodb,
    |vpc, subnet| vmongodb::CreateCloudMongoDbInstance::new(
        vpc, "admin", PASSWORD, "orders", "orders", subnet
    )
    .cluster_type_code("SHARDED_CLUSTER"),
    GetCloudMongoDbInstanceList,
    GetCloudMongoDbInstanceDetail,
    DeleteCloudMongoDbInstance,
    CloudMongoDbInstanceCreated,
    CloudMongoDbInstanceDeleted,
    cloud_mongo_db_instance_list,
    cloud_mongo_db_instance_no,
    cloud_mongo_db_instance_status,
    cloud_mongo_db_instance_operation,
    cloud_mongo_db_server_instance_list,
    11
);
lives!(
    redis,
    vredis,
    |vpc, subnet| vredis::CreateCloudRedisInstance::new(vpc, "1", "orders", "orders", "CLUSTER", subnet)
        .shard_copy_count(1),
    GetCloudRedisInstanceList,
    GetCloudRedisInstanceDetail,
    DeleteCloudRedisInstance,
    CloudRedisInstanceCreated,
    CloudRedisInstanceDeleted,
    cloud_redis_instance_list,
    cloud_redis_instance_no,
    cloud_redis_instance_status,
    cloud_redis_instance_operation,
    cloud_redis_server_instance_list,
    6
);
lives!(
    hadoop,
    vhadoop,
    |vpc, subnet| {
        vhadoop::CreateCloudHadoopInstance::new(
            vpc,
            "orders",
            "CORE_HADOOP_WITH_SPARK",
            "admin",
            PASSWORD,
            "bucket",
            subnet,
            subnet,
            100,
            subnet,
            100,
        )
    },
    GetCloudHadoopInstanceList,
    GetCloudHadoopInstanceDetail,
    DeleteCloudHadoopInstance,
    CloudHadoopInstanceCreated,
    CloudHadoopInstanceDeleted,
    cloud_hadoop_instance_list,
    cloud_hadoop_instance_no,
    cloud_hadoop_instance_status,
    cloud_hadoop_instance_operation,
    cloud_hadoop_server_instance_list,
    5
);
