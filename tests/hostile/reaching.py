"""Attacks that reach for a network, a socket, or a device."""

from autograder.report.model import Outcome
from tests.hostile.attack import Attack

REFUSED = "PermissionError"


def reaches(name: str, statement: str, says: str = REFUSED) -> Attack:
    """An attack that returns what a statement reaches."""
    return Attack(
        f"reaches_{name}", f"socket = imp('socket')\n\ndef attack(x):\n    {statement}\n", Outcome.ERROR, says
    )


ATTACKS = [
    reaches("tcp", "socket.create_connection(('127.0.0.1', 22), 0.1)"),
    reaches("tcp6", "socket.socket(socket.AF_INET6, socket.SOCK_STREAM).connect(('::1', 22))"),
    reaches("a_port_to_listen", "socket.create_server(('127.0.0.1', 0))"),
    reaches("udp", "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 53))"),
    reaches("unix", "socket.socket(socket.AF_UNIX).connect('/run/systemd/journal/socket')"),
    reaches("abstract", "socket.socket(socket.AF_UNIX).connect('\\0autograder')"),
    reaches("names", "socket.getaddrinfo('localhost', 80)", "gaierror"),
    reaches("name_server", "socket.gethostbyname('example.org')", "gaierror"),
    reaches("netlink", "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)"),
    reaches("packets", "socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)"),
    reaches("raw", "socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)"),
    reaches("vsock", "socket.socket(40, socket.SOCK_STREAM)"),
    reaches("kernel_crypto", "socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET)"),
    reaches("pair", "socket.socketpair()"),
    reaches("sends_descriptors", "socket.send_fds(socket.socket(fileno=3), [b'x'], [0])"),
    reaches("wire_as_socket", "call_kernel(44, 3, b'x', 1, 0, None, 0)"),
    reaches("pipe", "os.pipe()"),
    reaches("terminal", "os.openpty()"),
    reaches("http", "imp('urllib.request').request.urlopen('http://127.0.0.1:1/', timeout=0.1)", "Error"),
    reaches("device", "open('/dev/kmsg')"),
    reaches("disk", "open('/dev/vda', 'rb')"),
    reaches("random_device", "open('/dev/urandom', 'rb')"),
    reaches("ioctl", "imp('fcntl').ioctl(3, 0x541B, bytes(4))"),
]
