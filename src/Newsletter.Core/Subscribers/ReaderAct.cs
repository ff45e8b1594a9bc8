using Newsletter.Addresses;

namespace Newsletter.Subscribers;

/// <summary>Something that a reader did on a page of their own, but for changing their standing.</summary>
/// <param name="At">When.</param>
/// <param name="Act">What, in a word or two: <c>chose</c>, <c>paused until</c>, <c>left because</c>, <c>new address</c>.</param>
/// <param name="Words">What they chose or said; never the value of a name, field or address.</param>
/// <param name="Evidence">Network address and user agent, as the stranger gave them.</param>
/// <param name="Edition">By whose letter, where it was one's.</param>
public sealed record ReaderAct(DateTimeOffset At, string Act, string Words, string Evidence = "", EditionId? Edition = null)
{
    /// <summary>The longest words that are kept, in UTF-16 units.</summary>
    public const int MaxWords = 500;

    /// <summary>The reader's answer to why they left.</summary>
    public const string LeftBecause = "left because";
}

/// <summary>A mail that a reader asked for on a page of their own.</summary>
public enum ReaderMailKind
{
    /// <summary>To their own address: the link to what only they may see and do.</summary>
    OwnPage,
    /// <summary>To an address that is to become theirs: whether it may.</summary>
    NewAddress,
    /// <summary>To the address that was theirs: that another is now.</summary>
    Notice,
}
