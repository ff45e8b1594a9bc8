using Newsletter.Addresses;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Mailroom;

/// <summary>The verbs on subscribers that commands and pages call.</summary>
/// <remarks>
/// Addresses of ours are no reader's: a letter to the one by which another reader leaves would end that reader's subscription. Whose domain ours are at is asked only
/// where an address looks like one, so that a list can be made before the publication is set up.
/// </remarks>
public sealed class Subscriptions(SubscriberStore store, SubscriberImport import, ReaderStore readers, Lazy<OurAddresses> ours, Acts acts, TimeProvider clock)
{
    /// <summary>Rows a transaction: large enough that a commit's wait for the disk does not count, small enough that a letter waiting for the lock does not notice.</summary>
    private const int BatchSize = 2000;

    /// <summary>Adds somebody by an editor's word.</summary>
    public async Task<Addition> AddAsync(Profile profile, string reason, CancellationToken ct) => IsOurs(profile.Address)
        ? new Addition.OfOurs()
        : await acts.DoAsync(() => store.AddAsync(profile, new(SubscriptionState.Active, reason, Actor.Editor, clock.GetUtcNow()), ct),
            addition => addition is Addition.Added added ? new Deed("subscribers add", added.Id) : null);

    /// <summary>Takes a list in. Every good row is in when it returns; a stop leaves whole batches, and the same list again does the rest.</summary>
    /// <param name="list">CSV, see <see cref="SubscriberCsv"/>.</param>
    /// <param name="name">The list's name: in the history, and the source of those whose row gives none.</param>
    /// <param name="onBad">Told of every row that nothing can be read from.</param>
    /// <param name="onBatch">Told the tally after every batch.</param>
    /// <param name="ct">Stops between two batches.</param>
    public async Task<ImportTally> ImportAsync(Stream list, string name, Action<ListRow.Bad> onBad, Action<ImportTally> onBatch, CancellationToken ct)
    {
        var source = PersonalText.OneLine(name, 200);
        var began = clock.GetUtcNow();
        var tally = new ImportTally();
        // Many transactions: a line before the first says that it began, so that one which is cut short is there as well.
        await acts.NoteAsync(new("subscribers import", "", new { begun = began.ToUnixTimeMilliseconds() }), ct);
        await foreach (var rows in SubscriberCsv.ReadAsync(list, source, ct).Chunk(BatchSize).WithCancellation(ct))
        {
            var read = rows.Select(row => row is ListRow.Person person && IsOurs(person.Profile.Address) ? OfOurs(person) : row).ToList();
            var bad = read.OfType<ListRow.Bad>().ToList();
            bad.ForEach(onBad);
            tally = await import.TakeAsync(read.OfType<ListRow.Person>().ToList(), source, began, tally with { Bad = tally.Bad + bad.Count }, ct);
            onBatch(tally);
        }
        await acts.NoteAsync(new("subscribers import", "", new { begun = began.ToUnixTimeMilliseconds(), tally }), CancellationToken.None);
        return tally;
    }

    /// <summary>Writes everybody but the erased as a list that import reads.</summary>
    /// <returns>How many.</returns>
    public async Task<long> ExportAsync(TextWriter to, CancellationToken ct)
    {
        await acts.NoteAsync(new("subscribers export", "", new { form = "csv" }), ct); // first: nothing leaves without its line
        var fields = await store.FieldNamesAsync(ct);
        await to.WriteAsync($"{SubscriberCsv.Header(fields)}\r\n".AsMemory(), ct);
        var count = 0L;
        await foreach (var subscriber in store.ListAsync(null, ct))
        {
            if (SubscriberCsv.Line(subscriber, fields) is not { } line)
                continue;
            await to.WriteAsync($"{line}\r\n".AsMemory(), ct);
            count++;
        }
        return count;
    }

    /// <summary>Writes everybody but the erased as JSON lines.</summary>
    /// <returns>How many.</returns>
    public async Task<long> ExportJsonAsync(TextWriter to, CancellationToken ct)
    {
        await acts.NoteAsync(new("subscribers export", "", new { form = "json" }), ct);
        var count = 0L;
        await foreach (var subscriber in store.ListAsync(null, ct).Where(subscriber => subscriber.Profile is not null).WithCancellation(ct))
        {
            await to.WriteAsync($"{SubscriberJson.Line(subscriber)}\n".AsMemory(), ct);
            count++;
        }
        return count;
    }

    /// <summary>Ends a subscription; twice is once.</summary>
    public Task<ChangeOutcome> UnsubscribeAsync(SubscriberId subscriber, string reason, Actor actor, string evidence, EditionId? edition, CancellationToken ct) =>
        DoAsync("unsubscribe", subscriber, () => store.ChangeAsync(subscriber, new(SubscriptionState.Unsubscribed, reason, actor, clock.GetUtcNow(), evidence, edition), ct));

    /// <summary>Takes back what ended a subscription.</summary>
    /// <param name="subscriber">Who.</param>
    /// <param name="incident">What went wrong, or how the reader asked for it; it stands in the history.</param>
    /// <param name="ct">Stops before the commit.</param>
    public Task<ChangeOutcome> ResumeAsync(SubscriberId subscriber, string incident, CancellationToken ct) =>
        DoAsync("resume", subscriber, () => store.ChangeAsync(subscriber, new(SubscriptionState.Active, incident, Actor.Undo, clock.GetUtcNow()), ct));

    /// <summary>Keeps letters back until a day begins by the publication's clock, or until the reader goes on.</summary>
    /// <param name="subscriber">Who.</param>
    /// <param name="until">When it is over; null: when the reader says so.</param>
    /// <param name="reason">It stands in the history.</param>
    /// <param name="ct">Stops before the commit.</param>
    public Task<ChangeOutcome> PauseAsync(SubscriberId subscriber, DateTimeOffset? until, string reason, CancellationToken ct) =>
        DoAsync("pause", subscriber, () => readers.PauseAsync(subscriber, new(SubscriptionState.Paused, reason, Actor.Editor, clock.GetUtcNow()) { Until = until }, ct));

    /// <summary>Forgets a person; the address cannot be imported again.</summary>
    public Task<ChangeOutcome> EraseAsync(SubscriberId subscriber, string reason, CancellationToken ct) =>
        DoAsync("remove", subscriber, () => store.EraseAsync(subscriber, reason, Actor.Editor, clock.GetUtcNow(), ct));

    /// <inheritdoc cref="SubscriberStore.ForgetAsync"/>
    public Task<int> ForgetAsync(EmailAddress address, CancellationToken ct) =>
        acts.DoAsync(() => store.ForgetAsync(address, clock.GetUtcNow(), ct), mails => mails > 0 ? new("subscribers remove", acts.Subject(address), new { mails }) : null);

    private Task<ChangeOutcome> DoAsync(string verb, SubscriberId subscriber, Func<Task<ChangeOutcome>> change) =>
        acts.DoAsync(change, outcome => outcome is ChangeOutcome.Changed ? new Deed($"subscribers {verb}", subscriber) : null);

    private bool IsOurs(EmailAddress address) => OurAddresses.HaveSealedForm(address) && ours.Value.AreOurs(address);

    private static ListRow.Bad OfOurs(ListRow.Person person) => new(person.Line, $"{person.Profile.Address} is an address of this newsletter's own, no reader's");
}
