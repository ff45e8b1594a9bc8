using System.ComponentModel.DataAnnotations;
using Newsletter.Sending;

namespace Newsletter.Mailroom;

/// <summary>How fast letters go to some recipient domains. Section <c>Domains</c> of the configuration is a list of them.</summary>
public sealed class DomainOptions : IValidatableObject
{
    /// <summary>
    /// The domains, separated by commas: <c>gmail.com, googlemail.com</c>, <c>*.example.com</c> for all below one, <c>*</c> for every domain that no other entry names.
    /// Domains that are written out share the entry's limits; those that an asterisk takes in have them each for itself.
    /// </summary>
    [Required] public required string Match { get; init; }

    /// <summary>Letters per time, several separated by commas: <c>20/s, 5000/1h</c>. Counted over all workers. Empty: none.</summary>
    public string Limits { get; init; } = "";

    /// <summary>Letters under way at a time, in each process. 0: as many as there are connections.</summary>
    [Range(0, 1000)] public int Connections { get; init; }

    /// <summary>The first days at these domains. Null: none.</summary>
    public WarmUpOptions? WarmUp { get; init; }

    internal IReadOnlyList<string> Patterns => Match.Split([',', ' '], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Patterns.Count == 0 || !Patterns.All(IsPattern))
            yield return new("names no domains: write them as gmail.com, googlemail.com, *.example.com or *", [nameof(Match)]);
        if (PaceLimit.ReadAll(Limits) is null)
            yield return new(RelayOptions.NoLimit, [nameof(Limits)]);
        if (WarmUp?.Fault is { } fault)
            yield return new(fault, [nameof(WarmUp)]);
    }

    private static bool IsPattern(string text) =>
        text is "*" || (text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text) is { Length: > 0 } name && !name.Contains('*', StringComparison.Ordinal) && !name.Contains('@', StringComparison.Ordinal);
}

/// <summary>The rule for recipient domains that one entry makes.</summary>
/// <param name="Name">The first domain that it names: limits and people know it by that.</param>
/// <param name="Patterns">The domains.</param>
/// <param name="Limits">Letters per time.</param>
/// <param name="Connections">Letters under way at a time; 0: any number.</param>
/// <param name="WarmUp">The first days; null: none.</param>
internal sealed record DomainRule(string Name, IReadOnlyList<string> Patterns, IReadOnlyList<PaceLimit> Limits, int Connections, WarmUp? WarmUp)
{
    public static DomainRule Of(DomainOptions options) => new(options.Patterns[0], options.Patterns, PaceLimit.ReadAll(options.Limits)!, options.Connections, options.WarmUp?.Plan);

    /// <summary>How closely the rule fits a domain: not at all (0), by <c>*</c> (1), by a domain above it (the closer the more), or by name.</summary>
    public int Fit(string domain) => Patterns.Max(pattern =>
        pattern.Equals(domain, StringComparison.OrdinalIgnoreCase) ? int.MaxValue
        : pattern is "*" ? 1
        : pattern.StartsWith("*.", StringComparison.Ordinal) && domain.EndsWith(pattern[1..], StringComparison.OrdinalIgnoreCase) ? pattern.Length
        : 0);

    /// <summary>Under which name a domain's letters are counted.</summary>
    public string CountedAs(string domain) => Fit(domain) == int.MaxValue ? Name.ToLowerInvariant() : domain.ToLowerInvariant();
}
