using Dapper;
using Newsletter.Addresses;
using Newsletter.Subscribers;

namespace Newsletter.Storage;

/// <summary>A line that the house wrote down about a subscriber.</summary>
/// <param name="At">When.</param>
/// <param name="Author">Who, as in the audit log.</param>
/// <param name="Words">What; may have several lines.</param>
public sealed record SubscriberNote(DateTimeOffset At, string Author, string Words)
{
    /// <summary>The longest note, in UTF-16 units.</summary>
    public const int MaxWords = 4000;
}

/// <summary>What came of an edit.</summary>
/// <param name="Changed">The parts of the profile that are new, as <see cref="Profile"/> names them; null: there is no such subscriber, or they are erased.</param>
/// <param name="HasNote">Whether a note was added.</param>
public sealed record EditOutcome(IReadOnlyList<string>? Changed, bool HasNote)
{
    /// <summary>Whether anything was written.</summary>
    public bool IsNew => HasNote || Changed is { Count: > 0 };
}

/// <summary>What the house changes about a subscriber and writes down about them: neither address nor standing nor the topics, which are the reader's own.</summary>
public sealed class SubscriberEdits(Database database)
{
    /// <summary>Changes a profile as it stands now, and adds a note; both or nothing.</summary>
    /// <param name="subscriber">Who.</param>
    /// <param name="edit">What becomes of the profile; may be asked more than once.</param>
    /// <param name="note">Empty words: none.</param>
    /// <param name="ct">Stops before the commit.</param>
    public Task<EditOutcome> EditAsync(SubscriberId subscriber, Func<Profile, Profile> edit, SubscriberNote note, CancellationToken ct) => database.WriteAsync(async transaction =>
    {
        var connection = transaction.Connection!;
        var row = await connection.QuerySingleOrDefaultAsync<SubscriberRow>($"select {SubscriberRow.Columns} from subscribers where id = @Value {database.ForChange}", subscriber, transaction);
        if (row?.ToSubscriber().Profile is not { } before)
            return new EditOutcome(null, false);
        var after = edit(before);
        var changed = Differences(before, after).ToList();
        if (changed.Count > 0)
            await connection.ExecuteAsync("update subscribers set name = @Name, fields = @fields, tags = @tags, language = @Language, time_zone = @TimeZone where id = @id",
                new { after.Name, fields = SubscriberRow.Text(after.Fields), tags = SubscriberRow.Text(after.Tags), after.Language, after.TimeZone, id = subscriber.Value }, transaction);
        var words = PersonalText.Lines(note.Words, SubscriberNote.MaxWords);
        if (words.Length > 0)
            await connection.ExecuteAsync("insert into notes (subscriber_id, at, author, words) values (@id, @at, @Author, @words)", new { id = subscriber.Value, at = note.At.Ms(), note.Author, words }, transaction);
        return new EditOutcome(changed, words.Length > 0);
    }, ct);

    /// <summary>What was written down about a subscriber, the oldest first.</summary>
    public Task<IReadOnlyList<SubscriberNote>> NotesAsync(SubscriberId subscriber, CancellationToken ct) => database.ReadAsync<IReadOnlyList<SubscriberNote>>(async connection =>
        (await connection.QueryAsync<(long At, string Author, string Words)>("select at, author, words from notes where subscriber_id = @Value order by id", subscriber))
        .Select(row => new SubscriberNote(row.At.Instant(), row.Author, row.Words)).ToList(), ct);

    private static IEnumerable<string> Differences(Profile before, Profile after)
    {
        if (before.Name != after.Name)
            yield return nameof(Profile.Name);
        if (!before.Fields.OrderBy(field => field.Key, StringComparer.Ordinal).SequenceEqual(after.Fields.OrderBy(field => field.Key, StringComparer.Ordinal)))
            yield return nameof(Profile.Fields);
        if (!before.Tags.SequenceEqual(after.Tags))
            yield return nameof(Profile.Tags);
        if (before.Language != after.Language)
            yield return nameof(Profile.Language);
        if (before.TimeZone != after.TimeZone)
            yield return nameof(Profile.TimeZone);
    }
}
