"""What services answer, and what their certificates are worth, in words for people. It judges nothing."""

from __future__ import annotations

from typing import Final

from controlroom.reading import Reason

SERVICE_REASONS: Final[dict[str, tuple[str, str]]] = {
    Reason.CONNECTION_CLOSED: (
        "the device broke the connection off without an answer",
        "Check that the service runs and that it accepts this machine.",
    ),
    Reason.TLS_FAILED: (
        "no secure connection (TLS) could be made",
        "Check the certificate, its name and its expiry; the detail says which of them is wrong.",
    ),
    Reason.DNS_FORMAT_ERROR: (
        "the name server does not understand the question (FORMERR)",
        "Its software may be too old for EDNS; ask who runs it.",
    ),
    Reason.DNS_SERVER_FAILURE: (
        "the name server cannot find out (SERVFAIL)",
        "Check that it reaches the servers it asks itself, and that the zone's signatures are valid.",
    ),
    Reason.DNS_NO_SUCH_NAME: (
        "the name server says that there is no such name (NXDOMAIN)",
        "Check the spelling of the name, and whether it was removed from the zone.",
    ),
    Reason.DNS_NOT_IMPLEMENTED: (
        "the name server does not answer such questions (NOTIMP)",
        "Ask for another record type.",
    ),
    Reason.DNS_REFUSED: (
        "the name server does not answer us (REFUSED)",
        "Have this machine's address allowed on the server, or ask for a name that it serves.",
    ),
    Reason.DNS_OTHER_ERROR: ("the name server reports an error", ""),
    Reason.DNS_NO_RECORDS: (
        "the name has no record of that type",
        "Check the record type, and whether the record was removed from the zone.",
    ),
    Reason.DNS_OTHER_ANSWER: (
        "the name server gives another answer than expected",
        "Compare the detail with the expected values: the zone was changed, is out of date, or is not ours.",
    ),
    Reason.DNS_NOT_AUTHENTIC: (
        "the answer is not proven authentic (DNSSEC)",
        "Check that the zone is signed and that this server validates signatures.",
    ),
    Reason.NTP_UNSYNCHRONISED: (
        "the time server has no time of its own to give",
        "Check its sources: its antenna, or the servers that it asks itself.",
    ),
    Reason.NTP_TOO_OFTEN: (
        "the time server wants to be asked less often (RATE)",
        "Lengthen the period of this probe.",
    ),
    Reason.NTP_DENIED: (
        "the time server does not serve us (DENY)",
        "Have this machine's address allowed on the server.",
    ),
    Reason.NTP_RESTRICTED: (
        "the time server restricts access (RSTR)",
        "Have this machine's address allowed to ask it.",
    ),
    Reason.NTP_OTHER_KISS: ("the time server turns us away", "The detail names its code."),
    Reason.SIP_UNAVAILABLE: (
        "the telephone server says that it cannot serve (408 or 503)",
        "Check the server behind it, or call the provider of the trunk.",
    ),
    Reason.SIP_OTHER_STATUS: (
        "the telephone server answers with a status that is not accepted",
        "Compare the detail with the accepted statuses.",
    ),
    Reason.CERTIFICATE_EXPIRED: (
        "the certificate has expired",
        "Have it renewed by whoever runs the service.",
    ),
    Reason.CERTIFICATE_NOT_YET_VALID: (
        "the certificate is not valid yet",
        "Check the clock of this machine first, then the certificate.",
    ),
    Reason.CERTIFICATE_WRONG_NAME: (
        "the certificate is for another name",
        "Check the server name in the site file, then the certificate.",
    ),
    Reason.CERTIFICATE_SELF_SIGNED: (
        "the certificate is signed by nobody but itself",
        "Where that is meant, keep the certificate in a file and name it as the probe's own authorities.",
    ),
    Reason.CERTIFICATE_UNKNOWN_ISSUER: (
        "the certificate is signed by an authority that we do not trust",
        "Name the file of that authority in the probe, or have the service send the whole chain.",
    ),
    Reason.CERTIFICATE_INVALID: (
        "the certificate does not hold",
        "Have it looked at by whoever runs the service.",
    ),
    Reason.STATUS_UNEXPECTED: (
        "the service answers with another status than expected",
        "Look at the service's own log; check the path and the expected status.",
    ),
    Reason.CONTENT_UNEXPECTED: (
        "the service answers with other content than expected",
        "Look at what it answers; check what the probe expects of it.",
    ),
    Reason.WRONG_PROTOCOL: (
        "what answers there does not speak the expected protocol",
        "Check the port, and whether the service speaks TLS on it or not.",
    ),
    Reason.ANSWER_CUT: (
        "the device broke the connection off in the middle of its answer",
        "Look at the service's own log, and at what stands between it and this machine.",
    ),
    Reason.REDIRECTED: (
        "the service leads on to another address, which is not followed",
        "Compare the detail: set the probe's path to where it leads, or let more redirects be followed.",
    ),
    Reason.NO_AUTHORITIES: (
        "the file of certificate authorities could not be had",
        "Check the file that the probe names, and who may read it.",
    ),
}
"""Each reason with what happened, and what to do."""
