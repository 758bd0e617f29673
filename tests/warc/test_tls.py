"""Names of TLS versions and cipher suites."""

import ssl

import pytest

from newsarchive.warc.tls import iana_cipher_suite, tls_protocol


@pytest.mark.parametrize(
    ("openssl", "iana"),
    [
        ("TLS_AES_256_GCM_SHA384", "TLS_AES_256_GCM_SHA384"),
        ("ECDHE-ECDSA-AES256-GCM-SHA384", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"),
        ("ECDHE-RSA-CHACHA20-POLY1305", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"),
        ("DHE-RSA-AES128-GCM-SHA256", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"),
        ("ECDHE-RSA-AES256-SHA384", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384"),
        ("ECDHE-RSA-AES128-SHA", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"),
        ("AES256-GCM-SHA384", "TLS_RSA_WITH_AES_256_GCM_SHA384"),
        ("AES128-SHA", "TLS_RSA_WITH_AES_128_CBC_SHA"),
    ],
)
def test_a_cipher_suite_has_the_name_that_iana_gave_it(openssl: str, iana: str) -> None:
    assert iana_cipher_suite(openssl) == iana


def test_every_suite_that_a_client_offers_by_default_has_a_name() -> None:
    offered = [cipher["name"] for cipher in ssl.create_default_context().get_ciphers()]
    unnamed = [name for name in offered if iana_cipher_suite(name) is None]
    assert not [name for name in unnamed if name.startswith(("ECDHE", "DHE-RSA-AES", "AES"))]
    assert len(unnamed) < len(offered) / 2


def test_a_suite_of_unknown_name_has_none() -> None:
    assert iana_cipher_suite("GOST2012-KUZNYECHIK-KUZNYECHIKOMAC") is None


@pytest.mark.parametrize(
    ("openssl", "warc"), [("TLSv1.3", "tls/1.3"), ("TLSv1.2", "tls/1.2"), ("TLSv1", "tls/1.0"), ("SSLv3", "ssl/3")]
)
def test_a_version_is_spelled_with_a_slash(openssl: str, warc: str) -> None:
    assert tls_protocol(openssl) == warc
