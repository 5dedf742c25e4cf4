# world: a machine of the test's own, in which the vendors' names lead to the test's server.
# SPDX-License-Identifier: Apache-2.0
"""The test starts itself again in a mount and a network namespace: /etc/hosts, the trusted
authorities and port 443 are the test's, the machine's stay as they are, and no call can leave."""
import fcntl
import os
import pathlib
import socket
import ssl
import struct
import subprocess
import sys

from cases import FIXED

SERVER = "127.0.0.1"
# Where nobody listens: the address that the cases use, of those set aside for documentation.
NOBODY = "198.51.100.7"
AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"
INSIDE = "TSKL_SAME_INSIDE"

SIOCGIFFLAGS, SIOCSIFFLAGS, SIOCSIFADDR, IFF_UP = 0x8913, 0x8914, 0x8916, 1


def enter():
    """Does not return unless the process is inside. False where namespaces are not permitted."""
    if os.environ.get(INSIDE):
        return True
    apart = ["unshare", "--mount", "--net"] + ([] if os.geteuid() == 0 else ["--map-root-user"])
    if subprocess.run([*apart, "true"], stderr=subprocess.DEVNULL).returncode != 0:
        return False
    os.environ[INSIDE] = "1"
    os.execvp(apart[0], [*apart, sys.executable, *sys.argv])


def raise_loopback():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = fcntl.ioctl(any_socket, SIOCGIFFLAGS, struct.pack("16sh14x", b"lo", 0))
        flags = struct.unpack("16sh14x", request)[1] | IFF_UP
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags))
        address = struct.pack("16sHH4s8x", b"lo:1", socket.AF_INET, 0, socket.inet_aton(NOBODY))
        fcntl.ioctl(any_socket, SIOCSIFADDR, address)


def put_over(path, file):
    subprocess.run(["mount", "--bind", file, path], check=True)


class World:
    def __init__(self, folder, names):
        self.folder = pathlib.Path(folder)
        self.names = sorted(names)
        self.hosts = self.folder / "hosts"
        raise_loopback()
        self.make_certificates()
        self.lead_to("answered")
        lookup = self.folder / "nsswitch.conf"
        lookup.write_text("hosts: files\n")
        put_over("/etc/hosts", self.hosts)
        put_over("/etc/nsswitch.conf", lookup)
        if os.path.exists(AUTHORITIES):
            put_over(AUTHORITIES, self.authority)

    def lead_to(self, place):
        """Where the vendors' names lead from now on: one of the places of cases.py."""
        address = {"answered": SERVER, "reset": SERVER, "refused": NOBODY, "unknown": None}[place]
        lines = ["127.0.0.1 localhost", *(f"{address} {name}" for name in self.names if address and name not in FIXED),
                 f"{SERVER} two.example.com foreign.example.com", f"{NOBODY} refused.example.com"]
        self.hosts.write_text("\n".join(lines) + "\n")

    def make_certificates(self):
        self.authority, self.key, self.certificate = (
            self.folder / name for name in ("authority.pem", "key.pem", "certificate.pem"))
        authority_key = self.folder / "authority-key.pem"
        self.foreign, self.foreign_key = self.folder / "foreign.pem", self.folder / "foreign-key.pem"
        names = ",".join(f"DNS:{name}" for name in self.names)
        self.certify(authority_key, self.authority, "-addext", "basicConstraints=critical,CA:TRUE")
        self.certify(self.key, self.certificate, "-addext", "basicConstraints=critical,CA:FALSE",
                     "-addext", f"subjectAltName={names}", "-CA", self.authority, "-CAkey", authority_key)

        self.certify(self.foreign_key, self.foreign, "-addext", "subjectAltName=DNS:foreign.example.com")

    def certify(self, key, certificate, *more):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                        "-nodes", "-days", "2", "-subj", f"/CN=taskless test {certificate.stem}",
                        "-keyout", key, "-out", certificate, *more], check=True, stderr=subprocess.PIPE)

    def tls(self):
        """What a server shows depends on the name that it is asked by."""
        contexts = {"two.example.com": self.context(self.certificate, "h2", "http/1.1"),
                    "foreign.example.com": self.context(self.foreign)}
        usual = self.context(self.certificate)

        def choose(stream, name, _):
            stream.context = contexts.get(name, usual)

        usual.sni_callback = choose
        return usual

    def context(self, certificate, *protocols):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, self.key if certificate == self.certificate else self.foreign_key)
        if protocols:
            context.set_alpn_protocols(protocols)
        return context
