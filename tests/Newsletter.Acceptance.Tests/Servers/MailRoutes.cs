namespace Newsletter.Acceptance.Tests.Servers;

/// <summary>Where a relay of the tests takes letters: every domain but these is asked of the name server.</summary>
/// <param name="LmtpPort">Dovecot's, for <c>readers.test</c> and <c>returns.test</c>.</param>
/// <param name="FarPort">Another mail server's, for the rest.</param>
/// <param name="NameServer">Its address.</param>
internal sealed record MailRoutes(int LmtpPort, int FarPort, string NameServer)
{
    /// <summary>The far server takes mail for it, of 5,000 octets at most.</summary>
    public const string Small = "small.test";

    /// <summary>The far server is not there for it: it refuses to relay.</summary>
    public const string Elsewhere = "elsewhere.test";

    /// <summary>The far server lets one wait three seconds and says "later".</summary>
    public const string Busy = "busy.test";

    /// <summary>Nobody's.</summary>
    public const string Nowhere = "nowhere.test";

    public static IReadOnlyList<string> Near { get; } = [MailServers.ReadersDomain, MailServers.ReturnsDomain];

    public static IReadOnlyList<string> Far { get; } = [Small, Elsewhere, Busy];
}

/// <summary>A mail server between us and the readers: it takes every letter, and writes the bounce itself when it cannot hand it on.</summary>
internal interface IMailRelay : IAsyncDisposable
{
    int Port { get; }

    IReadOnlyCollection<string> Log { get; }
}
