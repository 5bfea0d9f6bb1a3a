"""The life of a server by NAVER's own Python SDK against the simulator: nothing of ours is on this side of the wire."""

import os
import sys
import time

import ncloud_vpc
import ncloud_vserver
from ncloud_vpc.api.v2_api import V2Api as VpcApi
from ncloud_vserver.api.v2_api import V2Api as ServerApi


def configure(package):
    configuration = package.Configuration()
    configuration.access_key = os.environ["NCLOUD_ACCESS_KEY_ID"]
    configuration.secret_key = os.environ["NCLOUD_SECRET_ACCESS_KEY"]
    return package.ApiClient(configuration)


vpc = VpcApi(configure(ncloud_vpc))
server = ServerApi(configure(ncloud_vserver))


def wait(what, look, done, tries=200):
    """Looks until it is done; the simulator was told to take its time in tenths of a second."""
    for _ in range(tries):
        found = look()
        if done(found):
            print("ok:", what)
            return found
        time.sleep(0.05)
    sys.exit(f"{what}: not within {tries} looks; the last one: {found}")


made = vpc.create_vpc(ncloud_vpc.CreateVpcRequest(vpc_name="interop", ipv4_cidr_block="10.0.0.0/16"))
vpc_no = made.vpc_list[0].vpc_no
look = lambda: vpc.get_vpc_detail(ncloud_vpc.GetVpcDetailRequest(vpc_no=vpc_no)).vpc_list
wait("the VPC runs", look, lambda found: found[0].vpc_status.code == "RUN")

acl = vpc.get_network_acl_list(ncloud_vpc.GetNetworkAclListRequest(vpc_no=vpc_no)).network_acl_list[0]
made = vpc.create_subnet(
    ncloud_vpc.CreateSubnetRequest(
        vpc_no=vpc_no,
        zone_code="KR-1",
        network_acl_no=acl.network_acl_no,
        subnet="10.0.1.0/24",
        subnet_type_code="PUBLIC",
        subnet_name="interop-subnet",
    )
)
subnet_no = made.subnet_list[0].subnet_no
look = lambda: vpc.get_subnet_detail(ncloud_vpc.GetSubnetDetailRequest(subnet_no=subnet_no)).subnet_list
wait("the subnet runs", look, lambda found: found[0].subnet_status.code == "RUN")

products = server.get_server_image_product_list(ncloud_vserver.GetServerImageProductListRequest())
image_product = products.product_list[0].product_code
groups = server.get_access_control_group_list(
    ncloud_vserver.GetAccessControlGroupListRequest(vpc_no=vpc_no)
).access_control_group_list
# As a dictionary: the SDK's own class sends a list within a list as Python would print it.
interface = {
    "networkInterfaceOrder": 0,
    "subnetNo": subnet_no,
    "accessControlGroupNoList.1": groups[0].access_control_group_no,
}
made = server.create_server_instances(
    ncloud_vserver.CreateServerInstancesRequest(
        server_image_product_code=image_product,
        vpc_no=vpc_no,
        subnet_no=subnet_no,
        server_name="interop-server",
        network_interface_list=[interface],
    )
)
server_no = made.server_instance_list[0].server_instance_no
look = lambda: server.get_server_instance_detail(
    ncloud_vserver.GetServerInstanceDetailRequest(server_instance_no=server_no)
).server_instance_list
wait("the server runs", look, lambda found: found[0].server_instance_status.code == "RUN")

made = server.create_member_server_image_instance(
    ncloud_vserver.CreateMemberServerImageInstanceRequest(
        server_instance_no=server_no, member_server_image_name="interop-image"
    )
)
image_no = made.member_server_image_instance_list[0].member_server_image_instance_no
look = lambda: server.get_member_server_image_instance_list(
    ncloud_vserver.GetMemberServerImageInstanceListRequest(member_server_image_name="interop-image")
).member_server_image_instance_list
found = wait(
    "the image is made and listed",
    look,
    lambda found: found[0].member_server_image_instance_status.code == "CREAT",
)
assert found[0].member_server_image_instance_no == image_no, found

server.stop_server_instances(ncloud_vserver.StopServerInstancesRequest(server_instance_no_list=[server_no]))
look = lambda: server.get_server_instance_detail(
    ncloud_vserver.GetServerInstanceDetailRequest(server_instance_no=server_no)
).server_instance_list
wait("the server has stopped", look, lambda found: found[0].server_instance_status.code == "NSTOP")
server.terminate_server_instances(
    ncloud_vserver.TerminateServerInstancesRequest(server_instance_no_list=[server_no])
)
wait("the server is gone", look, lambda found: not found)
