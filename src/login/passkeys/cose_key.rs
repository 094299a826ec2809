//! Public keys, as authenticators write them (COSE; RFC 9052 7, RFC 9053 2.1 and 7.1, RFC 8812 2, RFC 8230 4).

use ciborium::Value;
use ring::agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};
use ring::rand::SystemRandom;

use calendar_domain::{Base64Url, PasskeyKey};

use super::PasskeyRefusal;

/// Labels of the members of a key. Those below zero depend on its type.
const KEY_TYPE: i128 = 1;
const ALGORITHM: i128 = 3;
const CURVE: i128 = -1;
const X: i128 = -2;
const Y: i128 = -3;
const MODULUS: i128 = -1;
const EXPONENT: i128 = -2;

/// Key types and algorithms.
const EC2: i128 = 2;
const RSA: i128 = 3;
const P_256: i128 = 1;
/// ECDSA with SHA-256.
const ES256: i32 = -7;
/// RSASSA-PKCS1-v1_5 with SHA-256.
const RS256: i32 = -257;
/// COSE numbers of the supported algorithms, the preferred one first. Some devices with Windows have the second only.
pub const ALGORITHMS: [i32; 2] = [ES256, RS256];

/// Length of a coordinate on P-256 in bytes.
const COORDINATE: usize = 32;
/// First byte of a point with both coordinates (SEC 1, 2.3.3).
pub(super) const UNCOMPRESSED: u8 = 4;
/// Length of a modulus in bits.
const MODULUS_BITS: std::ops::RangeInclusive<usize> = 2048..=4096;
/// Maximum length of an exponent in bytes. Nearly all keys have 65537.
const EXPONENT_LIMIT: usize = 4;

/// Returns true if a point is one of P-256. Nothing is agreed on: that is where ring checks points.
fn is_on_curve(x: &[u8], y: &[u8]) -> bool {
    let point = [&[UNCOMPRESSED], x, y].concat();
    let Ok(own) = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new()) else {
        return false;
    };
    let other = UnparsedPublicKey::new(&ECDH_P256, point);
    agree_ephemeral(own, &other, |_| ()).is_ok()
}

/// Returns a public key.
pub(super) fn read(key: &Value) -> Result<PasskeyKey, PasskeyRefusal> {
    let members = key.as_map().ok_or(PasskeyRefusal::Malformed)?;
    let find = |label: i128| {
        let is_label = |(name, _): &&(Value, Value)| {
            name.as_integer()
                .is_some_and(|name| i128::from(name) == label)
        };
        members.iter().find(is_label).map(|(_, value)| value)
    };
    let number = |label| find(label).and_then(Value::as_integer).map(i128::from);
    let bytes = |label| {
        let found = find(label).and_then(Value::as_bytes);
        found
            .cloned()
            .map(Base64Url)
            .ok_or(PasskeyRefusal::Malformed)
    };
    match (number(KEY_TYPE), number(ALGORITHM)) {
        (Some(EC2), Some(algorithm)) if algorithm == i128::from(ES256) => {
            let (x, y) = (bytes(X)?, bytes(Y)?);
            if number(CURVE) != Some(P_256) {
                return Err(PasskeyRefusal::Unsupported);
            }
            if x.0.len() != COORDINATE || y.0.len() != COORDINATE {
                return Err(PasskeyRefusal::Malformed);
            }
            if !is_on_curve(&x.0, &y.0) {
                return Err(PasskeyRefusal::Malformed);
            }
            Ok(PasskeyKey::Es256 { x, y })
        }
        (Some(RSA), Some(algorithm)) if algorithm == i128::from(RS256) => {
            let (n, e) = (bytes(MODULUS)?, bytes(EXPONENT)?);
            // Numbers have no leading zeros.
            let first = |number: &Base64Url| number.0.first().copied().filter(|byte| *byte != 0);
            let (Some(high), Some(_)) = (first(&n), first(&e)) else {
                return Err(PasskeyRefusal::Malformed);
            };
            let bits = n.0.len() * 8 - high.leading_zeros() as usize;
            if !MODULUS_BITS.contains(&bits) || e.0.len() > EXPONENT_LIMIT {
                return Err(PasskeyRefusal::Unsupported);
            }
            // The modulus is a product of odd primes, the exponent odd and at least 3 (RFC 8017 3.1).
            let is_odd = |number: &Base64Url| number.0.last().is_some_and(|byte| byte % 2 == 1);
            if !is_odd(&n) || !is_odd(&e) || e.0 == [1] {
                return Err(PasskeyRefusal::Malformed);
            }
            Ok(PasskeyKey::Rs256 { n, e })
        }
        (Some(_), Some(_)) => Err(PasskeyRefusal::Unsupported),
        _ => Err(PasskeyRefusal::Malformed),
    }
}
