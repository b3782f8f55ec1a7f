"""What a telephone server says, made apart from the code it tests, and a certificate for it."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

ECHOED = ("Via", "From", "To", "Call-ID", "CSeq")


def header(request: bytes, name: str) -> str:
    """Return the first value of a header, as it was sent."""
    lines = request.decode("ascii").split("\r\n")
    return next(line.partition(": ")[2] for line in lines if line.startswith(f"{name}: "))


def respond(
    request: bytes,
    status: str = "200 OK",
    *,
    changed: dict[str, str] | None = None,
    more: str = "",
    body: str = "",
) -> bytes:
    """Answer a request; ``changed`` replaces what must be sent back as it came."""
    headers = {name: header(request, name) for name in ECHOED} | (changed or {})
    lines = [f"SIP/2.0 {status}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join((*lines, f"{more}Content-Length: {len(body)}", "", body)).encode()


def certificate(folder: Path, *, days: int = 30) -> tuple[Path, ssl.SSLContext]:
    """Make a certificate for 127.0.0.1 and the server's side of TLS with it; the file can be trusted."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "lab trunk")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=60))
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("trunk.lab.test")]
            ),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    chain, secret = folder / "trunk.pem", folder / "trunk.key"
    chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, secret)
    return chain, context
