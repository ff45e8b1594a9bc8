using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Newsletter.Web;

/// <summary>Section <c>Web</c> of the configuration.</summary>
public sealed class WebOptions : IValidatableObject
{
    /// <summary>Where <c>serve</c> listens, separated by <c>;</c>. This machine alone by default: who opens it to others puts a proxy with TLS before it, or a certificate into the section <c>Kestrel</c>.</summary>
    [Required] public string Urls { get; init; } = "http://127.0.0.1:5080";

    /// <summary>Opens the editions at <c>/editions</c> and the dashboard at <c>/jobs</c>; best set as <c>NEWSLETTER_Web__AdminPassword</c>. No default: without it there is no dashboard and no sign-in. At least 12 characters: it is all that stands before the jobs.</summary>
    public string AdminPassword { get; init; } = "";

    /// <summary>Addresses or networks (<c>10.0.0.0/8</c>) of the proxies whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are believed. Empty: nobody's, since anyone can write these headers.</summary>
    public IReadOnlyList<string> TrustedProxies { get; init; } = [];

    /// <summary>How long a sign-in holds.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")] public TimeSpan SignInFor { get; init; } = TimeSpan.FromHours(12);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Listen.Count == 0)
            yield return new("names no address to listen on; write it as http://127.0.0.1:5080", [nameof(Urls)]);
        foreach (var url in Listen.Where(url => !IsAddress(url)))
            yield return new($"holds '{url}', which is no address to listen on; write it as http://127.0.0.1:5080", [nameof(Urls)]);
        if (AdminPassword.Length is > 0 and < 12)
            yield return new("is too short: take at least 12 characters, or leave it out and there is no dashboard", [nameof(AdminPassword)]);
        foreach (var proxy in TrustedProxies.Where(proxy => Network(proxy) is null))
            yield return new($"holds '{proxy}', which is neither an address nor a network; write it as 10.0.0.7 or 10.0.0.0/8", [nameof(TrustedProxies)]);
    }

    /// <summary>The addresses of <see cref="Urls"/>.</summary>
    public IReadOnlyList<string> Listen => Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    internal static IPNetwork? Network(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new(address, address.GetAddressBytes().Length * 8)
        : null;

    // Kestrel takes * and + for a host, a URI does not.
    private static bool IsAddress(string url) =>
        Uri.TryCreate(url.Replace("://*", "://any", StringComparison.Ordinal).Replace("://+", "://any", StringComparison.Ordinal), UriKind.Absolute, out var address)
        && address.Scheme is "http" or "https" && address.PathAndQuery is "/" && address.Host.Length > 0;
}
