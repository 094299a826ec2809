//! Progress messages of long commands, on a terminal only.

use crate::support::Program;
use crate::support::importer::calendar_of;

/// Commands with their progress messages.
const LONG: [(&[&str], &str); 7] = [
    (&["import", "spring.ics"], "Importing spring.ics"),
    (&["import", "all.ndjson"], "Importing all.ndjson"),
    (&["backup", "all.backup"], "Backing up"),
    (&["store", "check", "sled:store"], "Checking sled:store"),
    (
        &["restore", "--replace", "all.backup"],
        "Restoring all.backup",
    ),
    (&["sync"], "Syncing partners"),
    (&["seed"], "Opening the store"),
];

fn prepared() -> Program {
    let program = Program::new();
    program.write(
        "spring.ics",
        calendar_of(&["UID:a|SUMMARY:Konsert|DTSTART:20270601T160000Z"]),
    );
    program.run(&["seed"]).ok();
    let lines = program.run(&["export", "--format", "ndjson"]).ok().out;
    program.write("all.ndjson", lines);
    program
}

#[test]
fn long_work_tells_a_terminal_what_it_does_and_leaves_nothing_behind() {
    let program = prepared();
    for (arguments, what) in LONG {
        let (code, said) = program.run_on_terminal(arguments);
        assert_eq!(code, 0, "{arguments:?}: {said}");
        assert!(
            said.contains(what),
            "{arguments:?}: no «{what}» in {said:?}"
        );
        // The line is cleared before the result.
        let end = said.rsplit("\r").find(|part| !part.trim().is_empty());
        let end = end.unwrap_or_default();
        assert!(!end.contains(what), "{arguments:?}: {said:?}");
    }
}

#[test]
fn beside_the_server_it_is_the_same() {
    let program = prepared();
    let serving = program.serve(&[]);
    for (arguments, what) in [LONG[0], LONG[1], LONG[5]] {
        let (code, said) = program.run_on_terminal(arguments);
        assert_eq!(code, 0, "{arguments:?}: {said}");
        assert!(
            said.contains(what),
            "{arguments:?}: no «{what}» in {said:?}"
        );
    }
    assert!(serving.stop().0.success());
}

#[test]
fn a_pipe_or_a_file_gets_none_of_it() {
    let program = prepared();
    for (arguments, what) in LONG {
        let ended = program.run(arguments).ok();
        for said in [&ended.out, &ended.err] {
            assert!(
                !said.contains(what) && !said.contains('\r'),
                "{arguments:?}: {said:?}"
            );
        }
        let json = program.run(&[&["--json"], arguments].concat()).ok();
        json.json();
    }
}
