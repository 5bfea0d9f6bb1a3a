//! Databases: the managed services, which differ in their names and in the servers that they run on.

use serde_json::{Value, json};

use super::vpc::{SUBNET, VPC};
use crate::outcome::ServiceError;
use crate::world::kind::{Kind, Need, PLAIN, Phase, Rule, State};
use crate::world::{Call, Resource, along, common_code};
use servers::{Servers, put};

mod servers;

/// What all managed services have in common.
const MANAGED: Kind = Kind {
    making: Phase::new("INIT", "CREAT", "creating"),
    made: Phase::new("CREAT", "NULL", "running"),
    deleting: Phase::keeping("TERMT", "deleting"),
    needs: &[
        Need {
            member: "vpcNo",
            kind: &VPC,
        },
        Need {
            member: "subnetNo",
            kind: &SUBNET,
        },
    ],
    absent_code: Some("5001017"),
    ..PLAIN
};

/// A managed service by its own word in the names of actions and members.
macro_rules! managed {
    ($kind:ident, $name:literal, $service:literal, $Word:literal, $label:literal, $made_up:literal, $complete:expr, $needs:expr) => {
        pub(crate) static $kind: Kind = Kind {
            name: $name,
            service: $service,
            number: concat!("cloud", $Word, "InstanceNo"),
            list: concat!("cloud", $Word, "InstanceList"),
            label: Some((concat!("cloud", $Word, $label), $made_up)),
            state: State {
                status: concat!("cloud", $Word, "InstanceStatus"),
                operation: concat!("cloud", $Word, "InstanceOperation"),
                phrase: concat!("cloud", $Word, "InstanceStatusName"),
            },
            needs: $needs,
            actions: &[
                (concat!("getCloud", $Word, "InstanceList"), Rule::List),
                (concat!("getCloud", $Word, "InstanceDetail"), Rule::Detail),
                (
                    concat!("createCloud", $Word, "Instance"),
                    Rule::Create($complete),
                ),
                (
                    concat!("deleteCloud", $Word, "Instance"),
                    Rule::Delete {
                        by: concat!("cloud", $Word, "InstanceNo"),
                        from: &["CREAT"],
                    },
                ),
            ],
            ..MANAGED
        };
    };
}

managed!(
    MYSQL,
    "MySQL database",
    "vmysql",
    "Mysql",
    "ServiceName",
    "mysql",
    mysql,
    MANAGED.needs
);
managed!(
    POSTGRESQL,
    "PostgreSQL database",
    "vpostgresql",
    "Postgresql",
    "ServiceName",
    "postgresql",
    postgresql,
    MANAGED.needs
);
managed!(
    MSSQL,
    "MSSQL database",
    "vmssql",
    "Mssql",
    "ServiceName",
    "mssql",
    mssql,
    MANAGED.needs
);
managed!(
    MONGODB,
    "MongoDB database",
    "vmongodb",
    "MongoDb",
    "ServiceName",
    "mongodb",
    mongodb,
    MANAGED.needs
);
managed!(
    REDIS,
    "Redis database",
    "vredis",
    "Redis",
    "ServiceName",
    "redis",
    redis,
    MANAGED.needs
);
managed!(
    HADOOP,
    "Hadoop cluster",
    "vhadoop",
    "Hadoop",
    "ClusterName",
    "hadoop",
    hadoop,
    &[
        Need {
            member: "vpcNo",
            kind: &VPC
        },
        Need {
            member: "edgeNodeSubnetNo",
            kind: &SUBNET
        },
        Need {
            member: "masterNodeSubnetNo",
            kind: &SUBNET
        },
        Need {
            member: "workerNodeSubnetNo",
            kind: &SUBNET
        },
    ]
);

fn mysql(call: &mut Call<'_>, database: &mut Resource, _: u64) -> Result<(), ServiceError> {
    relational(call, database, "Mysql", "standbyMasterSubnetNo")?;
    let defaults = json!({
        "cloudMysqlPort": 3306, "engineVersion": "MYSQL8.0", "generationCode": "G3",
        "license": common_code("GPL", "GPL"), "cloudMysqlConfigList": [],
    });
    along::complete(&mut database.members, defaults);
    Ok(())
}

fn postgresql(call: &mut Call<'_>, database: &mut Resource, _: u64) -> Result<(), ServiceError> {
    relational(call, database, "Postgresql", "secondarySubnetNo")?;
    let defaults = json!({
        "cloudPostgresqlPort": 5432, "engineVersion": "POSTGRESQL14", "generationCode": "G3", "license": "POSTGRESQL",
        "cloudPostgresqlConfigList": [],
    });
    along::complete(&mut database.members, defaults);
    Ok(())
}

fn mssql(call: &mut Call<'_>, database: &mut Resource, _: u64) -> Result<(), ServiceError> {
    relational(call, database, "Mssql", "mirrorSubnetNo")?;
    let collation = call.get("characterSetName").unwrap_or("Korean_Wansung_CI_AS");
    let defaults = json!({
        "cloudMssqlPort": 1433, "engineVersion": "MSSQL2019", "dbCollation": collation, "configGroupNo": "0",
        "licenseCode": common_code("SPLA", "SPLA"),
    });
    along::complete(&mut database.members, defaults);
    Ok(())
}

/// One server, or two of them, the second of which may be in a zone of its own.
fn relational(
    call: &mut Call<'_>,
    database: &mut Resource,
    word: &str,
    second_subnet: &'static str,
) -> Result<(), ServiceError> {
    let is_available = call.get("isHa").is_none() || call.flag("isHa");
    let is_spread = is_available && call.flag("isMultiZone");
    let product = format!("cloud{word}ProductCode");
    let mut all = vec![Servers::new(("M", "Master"), 1, "subnetNo", &product)];
    if is_available {
        let subnet = if is_spread { second_subnet } else { "subnetNo" };
        all.push(Servers::new(("H", "Standby Master"), 1, subnet, &product));
    }
    let shown = json!({ "isHa": is_available, "isMultiZone": is_spread });
    database.members.append(&mut along::members(shown));
    backed_up(database, is_available);
    put(call, database, word, &all)
}

fn backed_up(database: &mut Resource, always: bool) {
    if always {
        database.members.insert("isBackup".to_owned(), Value::Bool(true));
    }
    let defaults = json!({ "isBackup": false, "backupFileRetentionPeriod": 1, "backupTime": "02:00" });
    along::complete(&mut database.members, defaults);
}

fn redis(call: &mut Call<'_>, database: &mut Resource, _: u64) -> Result<(), ServiceError> {
    let is_cluster = call.get("cloudRedisModeCode") == Some("CLUSTER");
    let (masters, copies) = if is_cluster {
        let masters = call.count("shardCount")?.unwrap_or(3);
        (
            masters,
            masters.saturating_mul(call.count("shardCopyCount")?.unwrap_or(0)),
        )
    } else {
        (1, usize::from(call.flag("isHa")))
    };
    let all = [
        Servers::new(("M", "Master"), masters, "subnetNo", "cloudRedisProductCode"),
        Servers::new(("S", "Slave"), copies, "subnetNo", "cloudRedisProductCode"),
    ];
    let role = if is_cluster { "CLUSTER" } else { "SIMPLE" };
    let defaults = json!({
        "cloudRedisPort": 6379, "engineVersion": "7.0", "isHa": false, "role": common_code(role, role),
        "license": common_code("BSD", "BSD"), "cloudRedisServerPrefix": call.get("cloudRedisServerNamePrefix"),
    });
    along::complete(&mut database.members, defaults);
    backed_up(database, call.flag("isHa"));
    put(call, database, "Redis", &all)
}

fn mongodb(call: &mut Call<'_>, database: &mut Resource, _: u64) -> Result<(), ServiceError> {
    let kind = call.get("clusterTypeCode").unwrap_or("STAND_ALONE").to_owned();
    let is_sharded = kind == "SHARDED_CLUSTER";
    let members = match kind.as_str() {
        "STAND_ALONE" => 1,
        "SHARDED_CLUSTER" => call
            .count("shardCount")?
            .unwrap_or(2)
            .saturating_mul(call.count("memberServerCount")?.unwrap_or(3)),
        _ => call.count("memberServerCount")?.unwrap_or(3),
    };
    let of_cluster = |name, default| match call.count(name) {
        Ok(count) if is_sharded => Ok(count.unwrap_or(default)),
        Ok(_) => Ok(0),
        Err(error) => Err(error),
    };
    let arbiters = if kind == "STAND_ALONE" {
        0
    } else {
        call.count("arbiterServerCount")?.unwrap_or(0)
    };
    let all = [
        Servers::new(("MB", "Member"), members, "subnetNo", "memberProductCode"),
        Servers::new(("AB", "Arbiter"), arbiters, "subnetNo", "arbiterProductCode"),
        Servers::new(
            ("MS", "Mongos"),
            of_cluster("mongosServerCount", 2)?,
            "subnetNo",
            "mongosProductCode",
        ),
        Servers::new(
            ("CF", "Config"),
            of_cluster("configServerCount", 3)?,
            "subnetNo",
            "configProductCode",
        ),
    ];
    let defaults = json!({
        "memberPort": 17017, "mongosPort": 17017, "configPort": 17017, "arbiterPort": 17017, "engineVersion": "6.0",
        "generationCode": "G3", "license": common_code("SSPL", "SSPL"), "compress": common_code("SNPP", "SNPP"),
        "clusterType": common_code(&kind, &kind), "backupFileRetentionPeriod": 1, "backupTime": "02:00",
    });
    along::complete(&mut database.members, defaults);
    put(call, database, "MongoDb", &all)
}

fn hadoop(call: &mut Call<'_>, cluster: &mut Resource, number: u64) -> Result<(), ServiceError> {
    let all = [
        Servers::new(("E", "Edge node"), 1, "edgeNodeSubnetNo", "edgeNodeProductCode"),
        Servers::new(
            ("M", "Master node"),
            2,
            "masterNodeSubnetNo",
            "masterNodeProductCode",
        ),
        Servers::new(
            ("D", "Worker node"),
            call.count("workerNodeCount")?.unwrap_or(2),
            "workerNodeSubnetNo",
            "workerNodeProductCode",
        ),
    ];
    let add_ons: Vec<Value> = call
        .items("cloudHadoopAddOnCodeList")
        .iter()
        .map(|code| common_code(code, code))
        .collect();
    let kind = call.get("cloudHadoopClusterTypeCode").unwrap_or_default();
    let host = format!(
        "e-001-{}-{number}.example.com",
        cluster.text("cloudHadoopClusterName")
    );
    let defaults = json!({
        "isHa": true, "cloudHadoopClusterType": common_code(kind, kind), "cloudHadoopAddOnList": add_ons,
        "cloudHadoopVersion": common_code("HADOOP2.1", "Cloud Hadoop 2.1"), "ambariServerHost": host, "domain": host,
        "clusterDirectAccessAccount": "sshuser", "loginKey": call.get("loginKeyName"),
        "objectStorageBucket": call.get("bucketName"),
    });
    along::complete(&mut cluster.members, defaults);
    put(call, cluster, "Hadoop", &all)
}
