namespace Newsletter.Sending;

/// <summary>Whom an answer is about, and so what has to wait.</summary>
public enum SmtpScope
{
    /// <summary>This delivery alone; the next letter may go at once.</summary>
    Recipient,

    /// <summary>The relay, our account or our configuration: every other letter would get the same answer.</summary>
    Relay,
}

/// <summary>What became of one attempt to hand a letter to a relay. <see cref="SmtpReplies"/> is the one place that makes it from a reply.</summary>
public abstract record SmtpOutcome
{
    private SmtpOutcome(string words) => Words = words;

    /// <summary>The relay's own words without its reply code, or ours where the relay said nothing. From outside: escape it where it is shown.</summary>
    public string Words { get; }

    /// <summary>The reply code, and the enhanced status code (RFC 3463); null where there was no reply, or none in it.</summary>
    public (int? Code, string? Status) Numbers() => this switch
    {
        Accepted accepted => (accepted.Code, SmtpReplies.StatusOf(Words)),
        Deferred deferred => (deferred.Code, deferred.Status),
        Rejected rejected => (rejected.Code, rejected.Status),
        Refused refused => (refused.Code, refused.Status),
        _ => (null, null),
    };

    /// <summary>What the operator can do about it; empty where nothing but waiting helps or nothing is wrong.</summary>
    public string Remedy { get; init; } = "";

    /// <summary>The relay has taken the letter (2xx after the final dot). It answers for it from here on.</summary>
    /// <param name="Reply">The words: many relays name here under which id they have queued it.</param>
    /// <param name="Code">The reply code; null where the relay is a folder.</param>
    public sealed record Accepted(string Reply, int? Code = null) : SmtpOutcome(Reply);

    /// <summary>Not now (4xx, or the line was lost before the letter was given): due again by the retry rule.</summary>
    /// <param name="Code">The reply code; null where there was no reply.</param>
    /// <param name="Status">The enhanced status code (RFC 3463), such as <c>4.7.1</c>; null where the reply has none.</param>
    /// <param name="Reply">The words.</param>
    /// <param name="Scope">Relay: this connection or relay is of no use for now. Recipient: this delivery alone waits.</param>
    public sealed record Deferred(int? Code, string? Status, string Reply, SmtpScope Scope) : SmtpOutcome(Reply);

    /// <summary>5xx about the reader's address: it is a bounce at once, to be judged like one that came by mail.</summary>
    public sealed record Rejected(int Code, string? Status, string Reply) : SmtpOutcome(Reply);

    /// <summary>A refusal about us: our account, our configuration, our content, our reputation. It never counts against a reader.</summary>
    /// <param name="Code">The reply code; null where the refusal is ours, as of a certificate.</param>
    /// <param name="Status">The enhanced status code; null where the reply has none.</param>
    /// <param name="Reply">The words.</param>
    /// <param name="Scope">Relay: pause it, nothing else would pass. Recipient: this letter failed; several in a row mean the edition.</param>
    public sealed record Refused(int? Code, string? Status, string Reply, SmtpScope Scope) : SmtpOutcome(Reply);

    /// <summary>The line was lost after the final dot (RFC 1047): the relay may have the letter. Only the same Message-ID may go again.</summary>
    public sealed record InDoubt(string Reply) : SmtpOutcome(Reply);
}
