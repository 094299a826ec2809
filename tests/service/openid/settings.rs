//! The settings of providers.

use crate::support::Program;
use crate::support::openid::private_key;

const PROVIDER: &str = "[[default.calendar.login.oidc]]\nid = \"id-porten\"\nname = \"ID-porten\"\n\
    issuer = \"https://idporten.no\"\nclient_id = \"calendar\"\nacr_values = [\"idporten-loa-high\"]\n";

#[test]
fn the_secret_of_a_provider_is_needed_and_never_shown() {
    let program = Program::new();
    program.write("Rocket.toml", PROVIDER);
    for arguments in [&["serve", "--check"][..], &["serve"]] {
        let check = program.run(arguments).with_code(3);
        for variable in [
            "CALENDAR_OIDC_ID_PORTEN_SECRET",
            "CALENDAR_OIDC_ID_PORTEN_KEY",
        ] {
            assert!(check.err.contains(variable), "{}", check.err);
        }
    }
    let secret = [("CALENDAR_OIDC_ID_PORTEN_SECRET", "kanarifugl".to_owned())];
    let program = program.with_environment(secret);
    for output in [&["serve", "--check"][..], &["--json", "serve", "--check"]] {
        let check = program.run(output).ok();
        for shown in ["https://idporten.no", "idporten-loa-high"] {
            assert!(check.out.contains(shown), "{}", check.out);
        }
        assert!(!check.out.contains("kanarifugl") && !check.err.contains("kanarifugl"));
    }
}

#[test]
fn a_key_that_cannot_sign_is_refused_with_what_to_do() {
    let program = Program::new();
    program.write("Rocket.toml", PROVIDER);
    let ed25519 = "-----BEGIN PRIVATE KEY-----\n\
        MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF\n-----END PRIVATE KEY-----\n";
    for (key, code) in [
        (private_key(true).to_owned(), 0),
        (private_key(false).replace('\n', "\\n"), 0),
        ("kanarifugl".to_owned(), 3),
        (
            private_key(true).replace("BEGIN PRIVATE", "BEGIN RSA PRIVATE"),
            3,
        ),
        (ed25519.to_owned(), 3),
    ] {
        let environment = [("CALENDAR_OIDC_ID_PORTEN_KEY", key)];
        let program = Program::new().with_environment(environment);
        program.write("Rocket.toml", PROVIDER);
        let check = program.run(&["serve", "--check"]).with_code(code);
        assert!(!check.err.contains("kanarifugl"), "{}", check.err);
        if code != 0 {
            assert!(
                check.err.contains("CALENDAR_OIDC_ID_PORTEN_KEY"),
                "{}",
                check.err
            );
            assert!(check.err.contains("openssl genpkey"), "{}", check.err);
        }
    }
}

#[test]
fn a_wrong_setting_stops_the_start_and_is_named() {
    let secret = [("CALENDAR_OIDC_ID_PORTEN_SECRET", "kanarifugl".to_owned())];
    let program = Program::new().with_environment(secret);
    let issuer = "\"https://idporten.no\"";
    for (settings, named) in [
        (PROVIDER.replace(issuer, "\"http://idporten.no\""), "issuer"),
        (
            PROVIDER.replace(issuer, "\"https://idporten.no/?a\""),
            "issuer",
        ),
        (
            PROVIDER.replace(issuer, "\"https://login.microsoftonline.com/common/v2.0\""),
            "one tenant",
        ),
        (PROVIDER.replace("\"id-porten\"", "\"ID porten\""), "id"),
        (
            PROVIDER.replace("name = \"ID-porten\"", "name = \"\""),
            "login.oidc.name",
        ),
        (
            PROVIDER.replace("\"calendar\"", "\"\""),
            "login.oidc.client_id",
        ),
        (PROVIDER.repeat(2), "login.oidc.id"),
        (
            format!("{PROVIDER}scopes = [\"profile\"]\n"),
            "login.oidc.scopes",
        ),
        (format!("{PROVIDER}secret = \"a\"\n"), "secret"),
        (
            PROVIDER.replace("client_id = \"calendar\"\n", ""),
            "client_id",
        ),
    ] {
        program.write("Rocket.toml", &settings);
        let check = program.run(&["serve", "--check"]).with_code(3);
        assert!(check.err.contains(named), "{named}: {}", check.err);
    }
}
