/** Answers people and clients before and around their sessions: sign-in, enrolment, account, launcher. */
export {};
