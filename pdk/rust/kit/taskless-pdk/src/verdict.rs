//! Words that all Packs share: what kind of failure it was, and what to do now.
// SPDX-License-Identifier: Apache-2.0
use crate::Value;

macro_rules! words {
    ($(#[$about:meta])* $name:ident {
        $($(#[$word_about:meta])* $variant:ident $word:literal,)*
    }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$word_about])* $variant,)* }

        impl $name {
            /// The word as it is captured.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }
    };
}

words! {
    /// What kind of failure it was: the capture `class`.
    #[allow(missing_docs)]
    Class {
        Auth "auth",
        Permission "permission",
        Invalid "invalid",
        NotFound "not_found",
        Conflict "conflict",
        Idempotency "idempotency",
        Rate "rate",
        Quota "quota",
        Declined "declined",
        Overloaded "overloaded",
        Timeout "timeout",
        Server "server",
        Partial "partial",
        Network "network",
    }
}

words! {
    /// What to do now: the capture `retry.advice`.
    Advice {
        /// The same call may succeed later.
        Yes "yes",
        /// It will not, or trying again is not safe.
        No "no",
        /// It may succeed after `retry.after_ms`.
        After "after",
        /// With other credentials.
        Reauth "reauth",
        /// When money is there, or with another means of payment.
        Pay "pay",
        /// When the call or the account's settings are changed.
        Fix "fix",
    }
}

impl Class {
    /// What a status means where a service does not say more; None below 400.
    pub fn of_status(status: u16) -> Option<Self> {
        Some(match status {
            ..=399 => return None,
            401 => Self::Auth,
            402 => Self::Quota,
            403 => Self::Permission,
            404 | 410 => Self::NotFound,
            408 | 504 => Self::Timeout,
            409 => Self::Conflict,
            424 => Self::Server,
            429 => Self::Rate,
            503 | 529 => Self::Overloaded,
            400..=499 => Self::Invalid,
            _ => Self::Server,
        })
    }

    /// What is mostly to be done about it.
    pub fn advice(self) -> Advice {
        match self {
            Self::Auth => Advice::Reauth,
            Self::Permission | Self::Invalid | Self::NotFound | Self::Idempotency => Advice::Fix,
            Self::Quota | Self::Declined => Advice::Pay,
            _ => Advice::Yes,
        }
    }

    /// The same failure with another advice.
    pub fn with(self, advice: Advice) -> Verdict {
        Verdict {
            class: Some(self),
            advice: Some(advice),
            after_ms: None,
        }
    }
}

/// A judgement of one call. The default says that it did not fail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// None where the call went well.
    pub class: Option<Class>,
    /// None where the call went well.
    pub advice: Option<Advice>,
    /// How long to wait, with [`Advice::After`].
    pub after_ms: Option<u64>,
}

impl From<Class> for Verdict {
    fn from(class: Class) -> Self {
        class.with(class.advice())
    }
}

impl Verdict {
    /// The verdict where only the status is known.
    pub fn of_status(status: u16) -> Self {
        Class::of_status(status).map(Self::from).unwrap_or_default()
    }

    /// Takes in what the service says about trying again: a header such as `x-should-retry`, which
    /// knows more than a status does, and how long to wait.
    pub fn heed(mut self, should_retry: Value, after_ms: Option<u64>) -> Self {
        // Money does not come back by asking again.
        if self.class.is_some_and(|class| class != Class::Quota) && should_retry == "true" {
            self.advice = Some(Advice::Yes);
        }
        if self.advice == Some(Advice::Yes) {
            self.after_ms = after_ms;
            if should_retry == "false" {
                self.advice = Some(Advice::No);
            } else if after_ms.is_some() {
                self.advice = Some(Advice::After);
            }
        }
        self
    }
}
