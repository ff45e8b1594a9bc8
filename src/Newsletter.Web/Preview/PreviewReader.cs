using Microsoft.AspNetCore.Http;
using Newsletter.Addresses;
using Newsletter.Composing;
using Newsletter.Mailroom;

namespace Newsletter.Web;

/// <summary>Whose letter is shown, as an address of ours says it.</summary>
/// <param name="As">The address of a subscriber; empty: the sample.</param>
/// <param name="Own">Values written by hand, by name: <c>name</c>, <c>email</c>, <c>fields.X</c>. They go before those of the subscriber.</param>
public sealed record AskedReader(string As, IReadOnlyDictionary<string, string> Own)
{
    private const int MaxValues = 50;

    public static AskedReader Of(IQueryCollection query, string preset) => new(
        query.TryGetValue("as", out var address) ? address.ToString().Trim() : preset,
        query.Where(pair => pair.Key is "name" or "email" || pair.Key.StartsWith("fields.", StringComparison.Ordinal)).Take(MaxValues)
            .Where(pair => pair.Value.ToString().Length > 0).ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal));

    /// <summary>To go behind another part of a query; empty where it is the reader shown anyway.</summary>
    public string Query(string preset) => string.Concat(
        Own.Prepend(new("as", As)).Where(pair => pair.Key == "as" ? pair.Value != preset : pair.Value.Length > 0)
            .Select(pair => $"&{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));
}

/// <summary>Whose letter is shown.</summary>
/// <param name="Asked">As it was asked for.</param>
/// <param name="Values">What the letter says to them.</param>
/// <param name="Trouble">Why it is not the one who was asked for; null where it is.</param>
public sealed record PreviewReader(AskedReader Asked, PersonalValues Values, string? Trouble);

/// <summary>Finds the values of a reader: of the list, of the sample, by hand.</summary>
internal sealed class PreviewReaders(PreviewSetup setup, ReadersToLookAt readers)
{
    public async Task<PreviewReader> ReadAsync(AskedReader asked, CancellationToken ct)
    {
        var (values, trouble) = asked.As.Length > 0 ? await OfListAsync(asked.As, ct) : (setup.Sample, null);
        var fields = values.Fields.ToDictionary();
        foreach (var (name, value) in asked.Own.Where(pair => pair.Key.StartsWith("fields.", StringComparison.Ordinal)))
            fields[name["fields.".Length..]] = value;
        return new(asked, values with { Name = asked.Own.GetValueOrDefault("name", values.Name), Email = asked.Own.GetValueOrDefault("email", values.Email), Fields = fields }, trouble);
    }

    private async Task<(PersonalValues, string?)> OfListAsync(string text, CancellationToken ct)
    {
        if (EmailAddress.Read(text) is not { } address)
            return (setup.Sample, $"\u201c{text}\u201d is no mail address; the sample reader is shown");
        var (profile, trouble) = await readers.FindAsync(address, ct);
        return profile is null
            ? (setup.Sample, trouble is null ? $"nobody on the list has the address {text}; the sample reader is shown" : $"the list cannot be read: {trouble}")
            // The links of the sample: a real one would unsubscribe a real reader who never asked for it.
            : (setup.Sample with { Name = profile.Name, Email = profile.Address.Value, Fields = profile.Fields }, null);
    }
}
