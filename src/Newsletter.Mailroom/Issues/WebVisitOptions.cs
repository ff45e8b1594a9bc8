namespace Newsletter.Mailroom;

/// <summary>How politely the web is asked.</summary>
public sealed record WebVisitOptions
{
    /// <summary>Between two requests to one host.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>For one address: all requests for it, redirects and answers included.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Hosts asked at a time; each has one connection.</summary>
    public int Hosts { get; init; } = 8;

    /// <summary>Redirects followed.</summary>
    public int Redirects { get; init; } = 5;

    /// <summary>Octets read of a page that refuses HEAD, and of an image's beginning.</summary>
    public int MostBytes { get; init; } = 256 * 1024;

    /// <summary>Whether this machine and private networks may be asked as well; the publication's own address always may.</summary>
    public bool AllowsPrivate { get; init; }
}
