"""Integrity proofs in documents (FEP-8b32): eddsa-jcs-2022 of VC Data Integrity.

A proof travels with the document, so that it can be checked wherever it was forwarded or copied
to, without the sender's server.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import base58
import rfc8785

from activitypub.errors import BadSignature
from activitypub.ports import SigningKey
from activitypub.signatures import keys
from activitypub.vocab.values import Document, stamp, values

SUITE = "eddsa-jcs-2022"
CONTEXT = "https://w3id.org/security/data-integrity/v1"


def add(document: Document, key: SigningKey, at: datetime) -> dict[str, Any]:
    """Return the document with a proof by `key` (Ed25519), in place of any it had."""
    bare = {name: value for name, value in document.items() if name != "proof"}
    context = list(values(bare.get("@context")))
    if CONTEXT not in context:
        bare["@context"] = [*context[:1], CONTEXT, *context[1:]]
    options: dict[str, Any] = {
        "@context": bare["@context"],
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "verificationMethod": key.key_id,
        "proofPurpose": "assertionMethod",
        "created": stamp(at),
    }
    signature = keys.sign(key.private, _hash(bare, options))
    value = "z" + base58.b58encode(signature).decode()
    return {**bare, "proof": {**options, "proofValue": value}}


def verify(document: Document, key_text: str, now: datetime) -> None:
    """Raise `BadSignature` unless the document's proof is by that key.

    Every option is signed with the document, so none can be changed; one that has expired is
    refused.
    """
    proof = _proof(document)
    expires = proof.get("expires")
    if expires is not None and not (isinstance(expires, str) and expires >= stamp(now)):
        raise BadSignature("the proof has expired")
    bare = {name: value for name, value in document.items() if name != "proof"}
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    options.setdefault("@context", bare.get("@context"))
    try:
        signature = base58.b58decode(str(proof["proofValue"])[1:200])
        signed = _hash(bare, options)
    except (ValueError, rfc8785.CanonicalizationError):
        raise BadSignature("the proof cannot be read") from None
    if not keys.fits(keys.load(key_text), signature, signed):
        raise BadSignature("the proof is wrong")


def _proof(document: Document) -> Mapping[str, Any]:
    proof = document.get("proof")
    needed = {"verificationMethod", "proofValue"}
    if not isinstance(proof, Mapping) or not needed <= proof.keys():
        raise BadSignature("the document has no proof")
    if proof.get("type") != "DataIntegrityProof" or proof.get("cryptosuite") != SUITE:
        raise BadSignature("the proof is of a kind that is not taken")
    if proof.get("proofPurpose") != "assertionMethod":
        raise BadSignature("the proof is for another purpose")
    return proof


def _hash(document: Mapping[str, Any], options: Mapping[str, Any]) -> bytes:
    """Hash options and document in their canonical form (RFC 8785), options first."""
    parts = (rfc8785.dumps(dict(options)), rfc8785.dumps(dict(document)))
    return b"".join(hashlib.sha256(part).digest() for part in parts)
