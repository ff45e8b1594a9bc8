using Microsoft.Extensions.Configuration;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Mailroom;

/// <summary>Questions that select subscribers: read, and saved under a name.</summary>
public sealed class Segments(SegmentStore store, IConfiguration configuration, Acts acts, TimeProvider clock)
{
    /// <summary>Today's calendar in the publication's zone; that of UTC where none is set, for a list can be kept before the publication is set up.</summary>
    public SegmentDays Days() => SegmentDays.Of(
        TimeZoneInfo.TryFindSystemTimeZoneById(configuration["Publication:TimeZone"] ?? "", out var zone) ? zone : TimeZoneInfo.Utc, clock.GetUtcNow());

    /// <summary>A question with the saved segments that it names put in their places; or what is wrong with it, in lines for a person.</summary>
    public async Task<(SegmentFilter? Filter, string? Fault)> ReadAsync(string text, CancellationToken ct) =>
        Read(text) is { Filter: { } filter } ? await store.ResolveAsync(filter, ct) : (null, Read(text).Fault);

    /// <summary>Saves one, if it is right with what it names, and with what names it.</summary>
    /// <returns>Whether it is new; or what is wrong, and nothing was saved.</returns>
    public async Task<(bool IsNew, string? Fault)> SaveAsync(SavedSegment segment, CancellationToken ct)
    {
        if (Read(segment.Text) is { Fault: { } fault })
            return (false, fault);
        var saved = (await store.ListAsync(ct)).ToDictionary(other => other.Name, other => other.Text);
        saved[segment.Name] = segment.Text;
        if (SavedSegment.Resolve(new SegmentFilter.In(segment.Name), saved.GetValueOrDefault) is { Fault: { } wrong })
            return (false, wrong);
        return (await acts.DoAsync(() => store.SaveAsync(segment, clock.GetUtcNow(), ct), isNew => new Deed("subscribers segment save", $"segment {segment.Name}", new { isNew })), null);
    }

    /// <summary>Removes one, if no other names it.</summary>
    /// <returns>What is wrong, and nothing was removed; null: it is gone.</returns>
    public async Task<string?> RemoveAsync(string name, CancellationToken ct)
    {
        var saved = await store.ListAsync(ct);
        if (saved.FirstOrDefault(other => other.Name != name && SegmentReader.Read(other.Text).Filter is { } filter && filter.Names().Contains(name)) is { } needs)
            return $"the segment {needs.Name} asks for it: {needs.Text}";
        return await acts.DoAsync(() => store.RemoveAsync(name, ct), gone => gone ? new Deed("subscribers segment remove", $"segment {name}") : null) ? null : $"there is no segment `{name}`";
    }

    private static (SegmentFilter? Filter, string? Fault) Read(string text) => SegmentReader.Read(text) switch
    {
        ({ } filter, _) => (filter, null),
        var (_, problem) => (null, $"{problem!.Message}{(problem.Hint.Length > 0 ? $"; {problem.Hint}" : "")}\n  {text.ReplaceLineEndings(" ")}\n  {new string(' ', problem.Column - 1)}^"),
    };
}
