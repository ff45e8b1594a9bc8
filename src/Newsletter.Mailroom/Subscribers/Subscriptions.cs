using Newsletter.Addresses;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Mailroom;

/// <summary>The verbs on subscribers that commands and pages call.</summary>
/// <remarks>
/// Addresses of ours are no reader's: a letter to the one by which another reader leaves would end that reader's subscription. Whose domain ours are at is asked only
/// where an address looks like one, so that a list can be made before the publication is set up.
/// </remarks>
public sealed class Subscriptions(SubscriberStore store, ReaderStore readers, Lazy<OurAddresses> ours, Acts acts, TimeProvider clock)
{
    /// <summary>Adds somebody by an editor's word.</summary>
    public async Task<Addition> AddAsync(Profile profile, string reason, CancellationToken ct) => IsOurs(profile.Address)
        ? new Addition.OfOurs()
        : await acts.DoAsync(() => store.AddAsync(profile, new(SubscriptionState.Active, reason, Actor.Editor, clock.GetUtcNow()), ct),
            addition => addition is Addition.Added added ? new Deed("subscribers add", added.Id) : null);

    /// <summary>Writes everybody but the erased as a list that import reads, in the order of their addresses.</summary>
    /// <returns>How many.</returns>
    public async Task<long> ExportAsync(TextWriter to, CancellationToken ct)
    {
        await acts.NoteAsync(new("subscribers export", "", new { form = "csv" }), ct); // first: nothing leaves without its line
        var fields = await store.FieldNamesAsync(ct);
        await to.WriteAsync($"{SubscriberCsv.Header(fields)}\r\n".AsMemory(), ct);
        var count = 0L;
        await foreach (var subscriber in store.ByAddressAsync(ct))
        {
            await to.WriteAsync($"{SubscriberCsv.Line(subscriber, fields)}\r\n".AsMemory(), ct);
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
        await foreach (var subscriber in store.ByAddressAsync(ct))
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
    public Task<Forgotten> ForgetAsync(EmailAddress address, CancellationToken ct) =>
        acts.DoAsync(() => store.ForgetAsync(address, clock.GetUtcNow(), ct), done => done.Mails + done.Wishes > 0 ? new("subscribers remove", acts.Subject(address), new { mails = done.Mails, wishes = done.Wishes }) : null);

    private Task<ChangeOutcome> DoAsync(string verb, SubscriberId subscriber, Func<Task<ChangeOutcome>> change) =>
        acts.DoAsync(change, outcome => outcome is ChangeOutcome.Changed ? new Deed($"subscribers {verb}", subscriber) : null);

    private bool IsOurs(EmailAddress address) => OurAddresses.HaveSealedForm(address) && ours.Value.AreOurs(address);
}
