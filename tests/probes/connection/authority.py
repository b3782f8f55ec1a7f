"""A certificate authority for tests: it signs real certificates, good ones and others."""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

NOT_BEFORE_DAYS = -400.0


@dataclass(frozen=True)
class Signed:
    """A certificate with its key and whoever signed it; ``None`` for one that signed itself."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    signer: Signed | None = None

    def pem(self, *, above: bool = True) -> bytes:
        """Write the certificate, followed by those above it."""
        own = self.certificate.public_bytes(Encoding.PEM)
        return own + (self.signer.pem() if above and self.signer is not None else b"")

    def server(self, folder: Path, *, above: bool = True) -> ssl.SSLContext:
        """Make what a server needs to show this certificate."""
        file = folder / f"{self.certificate.serial_number}.pem"
        key = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        file.write_bytes(self.pem(above=above) + key)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def trusted(self, folder: Path) -> str:
        """Write the certificate alone into a file, to be trusted, and return its path."""
        file = folder / f"{self.certificate.serial_number}.crt"
        file.write_bytes(self.pem(above=False))
        return str(file)


def sign(
    name: str,
    signer: Signed | None = None,
    *,
    days: float = 90,
    from_days: float = NOT_BEFORE_DAYS,
    names: tuple[str, ...] = (),
    authority: bool = False,
) -> Signed:
    """Sign a certificate that holds from and until so many days from now, for host names and addresses."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if signer is None else signer.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=from_days))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if names:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([_general(one) for one in names]), critical=False
        )
    signing = key if signer is None else signer.key
    return Signed(builder.sign(signing, hashes.SHA256()), key, signer)


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
