using System.Text;

namespace Newsletter.Testing;

/// <summary>A provider as it is heard over HTTP: tells events in its words, and proves itself as its documentation says, with keys of its own.</summary>
public abstract class ProviderVoice
{
    /// <summary>As in the configuration.</summary>
    public abstract string Kind { get; }

    /// <summary>The end of its address.</summary>
    public string Name => Kind.ToLowerInvariant();

    public string Path => $"/returns/{Name}";

    /// <summary>Whether it signs a time.</summary>
    public virtual bool HasTime => true;

    /// <summary>Whether it posts several events at once.</summary>
    public virtual bool HasBatches => false;

    /// <summary>The settings that let it in, <c>Key=Value</c>.</summary>
    public IEnumerable<string> Settings(int at) => ((string[])[$"Kind={Kind}", $"Name={Name}", .. Secrets]).Select(each => $"Returns:Notifications:{at}:{each}");

    /// <summary>An event: the address is dead.</summary>
    /// <param name="address">Whose.</param>
    /// <param name="letter">The letter's Message-ID; empty: it names none.</param>
    public abstract string Bounce(string address, string letter = "");

    /// <summary>A request with its proof.</summary>
    public abstract HttpRequestMessage Post(string events, DateTimeOffset at);

    /// <summary>A request without any.</summary>
    public virtual HttpRequestMessage Unproven(string events) => Request(events);

    protected abstract IEnumerable<string> Secrets { get; }

    protected HttpRequestMessage Request(string body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    public override string ToString() => Kind;

    protected static string Seconds(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
}
