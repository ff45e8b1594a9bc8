using System.Globalization;
using Newsletter.Issues;

namespace Newsletter.Linting;

/// <summary>An address of the web in an issue, and where it stands.</summary>
/// <param name="Address">Absolute, http or https.</param>
/// <param name="IsImage">Whether an image is to be there.</param>
/// <param name="Line">In the file.</param>
/// <param name="Column">In the file.</param>
public sealed record WebAddress(Uri Address, bool IsImage, int Line, int Column)
{
    /// <summary>The key, or file and line of the snippet or list, that it comes from, to be said before the message; empty where it stands in the issue's text.</summary>
    public string Within { get; init; } = "";
}

/// <summary>What was seen at an address of the web.</summary>
public sealed record Visit
{
    /// <summary>The last answer's status; null where there was none.</summary>
    public int? Status { get; init; }

    /// <summary>Where the redirects led.</summary>
    public required Uri Final { get; init; }

    /// <summary>Whether each redirect on the way said that it is for good (301, 308).</summary>
    public bool IsMovedForGood { get; init; }

    /// <summary>Of the answer, without parameters, in lower case; empty where it has none.</summary>
    public string MediaType { get; init; } = "";

    /// <summary>What its octets say of an image; null for anything else.</summary>
    public ImageFacts? Image { get; init; }

    /// <summary>Whether the host at the end asked to be left alone (429, 503), here or at another address: nothing was learned of this one.</summary>
    public bool IsRefusedForNow => Status is 429 or 503;

    /// <summary>Why there was no answer; empty where there was one.</summary>
    public string Trouble { get; init; } = "";

    /// <summary>Whether there is no such host, now or ever.</summary>
    public bool HasNoHost { get; init; }

    /// <summary>What there is to say of it; null where all is well, and where the host just does not talk to programs.</summary>
    public IssueProblem? Finding(WebAddress of) => (Status, IsMoved(of)) switch
    {
        (404 or 410, _) => Problem(of, "online-dead", string.Create(CultureInfo.InvariantCulture, $"`{Words.Short(of.Address.AbsoluteUri)}` answers {Status}: {(Status == 404 ? "there is no such page" : "the page is gone")}")),
        (null, _) when HasNoHost => Problem(of, "online-dead", $"`{Words.Short(of.Address.AbsoluteUri)}`: {Trouble}"),
        (null, _) => Problem(of, "online-unreached", $"`{Words.Short(of.Address.AbsoluteUri)}`: {Trouble}"),
        (>= 500 and not (503 or 999) or 400 or 451, _) => Problem(of, "online-unreached", string.Create(CultureInfo.InvariantCulture, $"`{Words.Short(of.Address.AbsoluteUri)}` answers {Status}")),
        ( >= 200 and < 300, _) when of.IsImage && Image is null => Problem(of, "online-type", $"`{Words.Short(of.Address.AbsoluteUri)}` is {(MediaType.StartsWith("text/", StringComparison.Ordinal) ? $"{MediaType}, no image" : "no PNG, JPEG, GIF, WebP or SVG")}"),
        ( >= 200 and < 300, true) => Problem(of, "online-moved", $"`{Words.Short(of.Address.AbsoluteUri)}` has moved to `{Words.Short(Final.AbsoluteUri)}`"),
        _ => null,
    };

    /// <summary>What there is to say of hosts that asked to be left alone: once for each, at the first address that leads to it.</summary>
    public static IEnumerable<IssueProblem> Unasked(IEnumerable<(WebAddress Address, Visit Visit)> visits) =>
        from host in visits.Where(seen => seen.Visit.IsRefusedForNow).GroupBy(seen => seen.Visit.Final.Authority)
        let first = host.First()
        let count = host.DistinctBy(seen => seen.Address.Address).Count() // to Uri, a fragment is no difference
        select Problem(first.Address, "online-unasked", string.Create(CultureInfo.InvariantCulture, $"`{Words.Short(host.Key)}` answers {first.Visit.Status} and is left alone: {(count == 1 ? "this address was" : $"{count} addresses were")} not looked at"));

    // A slash at the end, or the page of a login or of consent at which redirects end, is no new address.
    private bool IsMoved(WebAddress of) => IsMovedForGood
        && (Final.Scheme != of.Address.Scheme || Final.Host != of.Address.Host || Final.AbsolutePath.TrimEnd('/') != of.Address.AbsolutePath.TrimEnd('/'))
        && !(Final.AbsolutePath == "/" && of.Address.AbsolutePath.Length > 1);

    private static IssueProblem Problem(WebAddress of, string code, string message)
    {
        var known = LintCodes.Of(code);
        return new(of.Line, of.Column, known.Severity, code, of.Within + message, known.Remedy);
    }
}
