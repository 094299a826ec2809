//! The acts of a story, and the generator of stories.

/// A deterministic random number generator: splitmix64.
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end.max(1)).unwrap();
        usize::try_from(self.next() % end).unwrap()
    }

    pub fn one_in(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }

    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        let at = self.below(of.len());
        of.get(at)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    // Changes in a partner's own list, before a response.
    Fill,
    Add,
    Repeat,
    Borrow,
    Change,
    Move,
    Cancel,
    Drop,
    Return,
    Rename,
    // Data sent to the calendar.
    Tell,
    TellThrice,
    TellChanges,
    TellUntil,
    TellPart,
    Fail,
    Send,
    SendApart,
    TakeBack,
    TellTwoAtOnce,
    SendBesideATell,
    // Decisions of editors.
    Trust,
    Approve,
    ApproveDropReturn,
    Reject,
    Accept,
    Dismiss,
    Join,
    JoinOwn,
    Split,
    Edit,
    RollBack,
    Release,
    // Other acts.
    Restart,
    Wait,
}

/// Each act with how often it comes.
const WEIGHTS: [(Act, usize); 35] = [
    (Act::Fill, 1),
    (Act::Add, 8),
    (Act::Repeat, 2),
    (Act::Borrow, 2),
    (Act::Change, 6),
    (Act::Move, 4),
    (Act::Cancel, 2),
    (Act::Drop, 6),
    (Act::Return, 4),
    (Act::Rename, 4),
    (Act::Tell, 24),
    (Act::TellThrice, 5),
    (Act::TellChanges, 6),
    (Act::TellUntil, 2),
    (Act::TellPart, 2),
    (Act::Fail, 1),
    (Act::Send, 3),
    (Act::SendApart, 5),
    (Act::TakeBack, 2),
    (Act::TellTwoAtOnce, 5),
    (Act::SendBesideATell, 2),
    (Act::Trust, 2),
    (Act::Approve, 5),
    (Act::ApproveDropReturn, 2),
    (Act::Reject, 1),
    (Act::Accept, 4),
    (Act::Dismiss, 2),
    (Act::Join, 3),
    (Act::JoinOwn, 3),
    (Act::Split, 5),
    (Act::Edit, 3),
    (Act::RollBack, 3),
    (Act::Release, 5),
    (Act::Restart, 1),
    (Act::Wait, 2),
];

/// A step: an act, a partner, and the seed of its details.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    pub act: Act,
    pub partner: usize,
    pub seed: u64,
}

/// Returns the steps of a story.
pub fn story(seed: u64) -> Vec<Step> {
    let mut dice = Dice(seed);
    let length = 10 + dice.below(45);
    let all = WEIGHTS.iter().map(|(_, weight)| weight).sum();
    // Each partner starts with events and a response.
    let mut steps = Vec::with_capacity(6 + length);
    for partner in 0..3 {
        for act in [Act::Fill, Act::Tell] {
            let seed = dice.next();
            steps.push(Step { act, partner, seed });
        }
    }
    let rest = (0..length).map(|_| {
        let mut at = dice.below(all);
        let found = WEIGHTS.iter().find(|(_, weight)| {
            let is_here = at < *weight;
            at = at.saturating_sub(*weight);
            is_here
        });
        Step {
            act: found.unwrap().0,
            partner: dice.below(3),
            seed: dice.next(),
        }
    });
    steps.extend(rest);
    steps
}
