namespace Newsletter.Storage;

/// <summary>Which conversations are asked for.</summary>
public sealed record InboxQuery
{
    /// <summary>unread, read or done; empty: all that are not done; <c>all</c>: every one.</summary>
    public string State { get; init; } = "";

    /// <summary>Whether the automatic answers are meant, which stand in a view of their own.</summary>
    public bool Machines { get; init; }

    /// <summary>The issue that they are about; empty: any, or none.</summary>
    public string Issue { get; init; } = "";

    /// <summary>A tag that they bear; empty: any.</summary>
    public string Tag { get; init; } = "";

    /// <summary>Words that have to be in sender, subject, text or answer; empty: any.</summary>
    public string Words { get; init; } = "";

    /// <summary>At most so many.</summary>
    public int Count { get; init; } = 50;

    /// <summary>So many newer ones are left out.</summary>
    public int Skip { get; init; }
}

/// <summary>How many conversations stand where.</summary>
public sealed record InboxCounts(long Unread, long Read, long Done, long Machines);

/// <summary>What an issue has brought.</summary>
/// <param name="Issue">Its slug; empty: mails about no issue that is known.</param>
/// <param name="Title">Its title.</param>
/// <param name="Threads">Conversations of people.</param>
/// <param name="Unread">Of these, with something unread.</param>
/// <param name="Open">Of these, not done.</param>
/// <param name="Replies">Mails in them.</param>
public sealed record InboxIssue(string Issue, string Title, long Threads, long Unread, long Open, long Replies);
