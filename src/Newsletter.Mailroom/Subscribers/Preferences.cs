using Newsletter.Addresses;
using Newsletter.Sending;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Mailroom;

/// <summary>What a reader does on pages of their own: by a letter's link what harms nobody, for it may have been handed on; by one that went to their mailbox alone the rest.</summary>
public sealed class Preferences(
    ReaderStore store, SubscriberStore subscribers, OurAddresses ours, IReadOnlyList<Topic> topics, Publication publication, PreferencesOptions options, Acts acts, TimeProvider time)
{
    /// <summary>The answers to why somebody left, besides their own words.</summary>
    public static readonly IReadOnlyList<string> Reasons = ["too-often", "not-for-me", "never-asked", "other"];

    private const int MaxEvidence = 400;
    private const int DownloadsPerDay = 5;

    /// <summary>The topics that there are.</summary>
    public IReadOnlyList<Topic> Topics => topics;

    /// <summary>The first and the last day on which a pause can end.</summary>
    public (DateOnly First, DateOnly Last) PauseDays => (Today.AddDays(1), Today.AddDays((int)options.LongestPause.TotalDays));

    /// <summary>Today, by the publication's clock.</summary>
    public DateOnly Today => Day(time.GetUtcNow());

    /// <summary>The day of an instant, by the publication's clock.</summary>
    public DateOnly Day(DateTimeOffset at) => ZonedTime.Day(at, Zone);

    /// <summary>Keeps which topics a reader wants, and their language.</summary>
    /// <param name="delivery">Who, and by whose letter.</param>
    /// <param name="wanted">Ids of the topics they want, of all there are.</param>
    /// <param name="language">One in which pages are, or empty; another changes nothing.</param>
    /// <param name="evidence">Where it came from.</param>
    /// <param name="ct">Stops before the commit.</param>
    public Task<ChangeOutcome> ChooseAsync(DeliveryId delivery, IReadOnlyCollection<string> wanted, string language, string evidence, CancellationToken ct) => store.ChooseAsync(delivery.Subscriber, before =>
    {
        var known = topics.Select(topic => topic.Id).ToList();
        var after = before with { Language = language.Length == 0 || ReaderTexts.OfPages.Any(texts => texts.Language == language) ? language : before.Language };
        return known.All(topic => before.Reads(topic) == wanted.Contains(topic)) ? after : after with
        {
            Topics = [.. before.Topics.Except(known), .. known.Where(wanted.Contains)],
            TopicsLeft = [.. before.TopicsLeft.Except(known), .. known.Where(topic => !wanted.Contains(topic))],
        };
    }, Act("chose", evidence, delivery.Edition), ct);

    /// <summary>Keeps the letters back until a day begins; another day takes the place of the first. Null: the day is none of <see cref="PauseDays"/>.</summary>
    public async Task<ChangeOutcome?> PauseAsync(DeliveryId delivery, DateOnly until, string evidence, CancellationToken ct) => until < PauseDays.First || until > PauseDays.Last
        ? null
        : await store.PauseAsync(delivery.Subscriber, new(SubscriptionState.Paused, $"until {until:yyyy-MM-dd}", Actor.Reader, time.GetUtcNow(), Short(evidence), delivery.Edition) { Until = Begin(until) }, ct);

    /// <summary>Ends a pause.</summary>
    public Task<ChangeOutcome> GoOnAsync(DeliveryId delivery, string evidence, CancellationToken ct) =>
        store.GoOnAsync(delivery.Subscriber, new(SubscriptionState.Active, "goes on", Actor.Reader, time.GetUtcNow(), Short(evidence), delivery.Edition), ct);

    /// <summary>Keeps why a reader left.</summary>
    /// <param name="delivery">Who, and by whose letter.</param>
    /// <param name="reason">One of <see cref="Reasons"/>; another is passed over.</param>
    /// <param name="words">Their own; may be empty.</param>
    /// <param name="evidence">Where it came from.</param>
    /// <param name="ct">Stops before the commit.</param>
    public async Task<ChangeOutcome> SayWhyAsync(DeliveryId delivery, string reason, string words, string evidence, CancellationToken ct)
    {
        var said = string.Join(": ", new[] { Reasons.Contains(reason) ? reason : "", PersonalText.Lines(words, ReaderAct.MaxWords - 40) }.Where(part => part.Length > 0));
        return said.Length == 0 ? ChangeOutcome.AlreadySo
            : await store.SayWhyAsync(delivery.Subscriber, Act(ReaderAct.LeftBecause, evidence, delivery.Edition) with { Words = said }, time.GetUtcNow() - Leaving.TakenBackWithin, ct);
    }

    /// <summary>Owes a reader the link to their own page. Who asks is not told whether one goes.</summary>
    public Task AskForOwnPageAsync(DeliveryId delivery, CancellationToken ct) => store.OweOwnPageAsync(delivery.Subscriber, time.GetUtcNow(), ct);

    /// <summary>Whose own page a link opens; null where it is good no more.</summary>
    public Task<Subscriber?> OwnAsync(ReaderMailId mail, CancellationToken ct) => store.FindOwnPageAsync(mail, Oldest, ct);

    /// <summary>Keeps a reader's name and fields; fields that they do not have are passed over.</summary>
    public Task<ChangeOutcome> DescribeAsync(SubscriberId subscriber, string name, IReadOnlyDictionary<string, string> fields, string evidence, CancellationToken ct) => store.ChooseAsync(subscriber, before => before with
    {
        Name = name,
        Fields = before.Fields.ToDictionary(field => field.Key, field => fields.GetValueOrDefault(field.Key, field.Value)),
    }, Act("described", evidence), ct);

    /// <summary>A subscriber as they stand now; null where there is none.</summary>
    public Task<Subscriber?> FindAsync(SubscriberId subscriber, CancellationToken ct) => subscribers.FindAsync(subscriber, ct);

    /// <summary>Notes that a reader gets their data: it looks through all mails, so they get it a few times a day.</summary>
    public Task<ChangeOutcome> NoteDownloadAsync(SubscriberId subscriber, string evidence, CancellationToken ct) => store.NoteAsync(subscriber, Act("got their data", evidence), DownloadsPerDay, ct);

    /// <summary>Owes an address the question whether it may become a reader's. Who asks is not told whether it goes. False: it is none that a reader can have.</summary>
    public async Task<bool> AskNewAddressAsync(SubscriberId subscriber, string address, CancellationToken ct)
    {
        if (EmailAddress.Read(address) is not { } mailbox || ours.AreOurs(mailbox))
            return false;
        await store.OweNewAddressAsync(subscriber, mailbox, time.GetUtcNow(), ct);
        return true;
    }

    /// <summary>Whose address a link changes; null where it is good no more.</summary>
    public Task<Subscriber?> OfNewAddressAsync(ReaderMailId mail, CancellationToken ct) => store.FindNewAddressAsync(mail, Oldest, ct);

    /// <summary>Takes the new address in the place of the old one.</summary>
    public Task<ChangeOutcome> TakeAddressAsync(ReaderMailId mail, string evidence, CancellationToken ct) => store.TakeAddressAsync(mail, Oldest, Act("new address", evidence), ct);

    /// <summary>Forgets the reader, by their own word.</summary>
    public Task<ChangeOutcome> EraseAsync(SubscriberId subscriber, CancellationToken ct)
    {
        acts.Are(Performer.Reader);
        return acts.DoAsync(() => subscribers.EraseAsync(subscriber, "by the reader", Actor.Reader, time.GetUtcNow(), ct), outcome => outcome is ChangeOutcome.Changed ? new Deed("subscribers remove", subscriber) : null);
    }

    /// <summary>When a day begins, by the publication's clock.</summary>
    public DateTimeOffset Begin(DateOnly day) => ZonedTime.Instant(day, TimeOnly.MinValue, Zone);

    private TimeZoneInfo Zone => TimeZoneInfo.FindSystemTimeZoneById(publication.TimeZone);

    private DateTimeOffset Oldest => time.GetUtcNow() - options.LinksFor;

    private ReaderAct Act(string act, string evidence, EditionId? edition = null) => new(time.GetUtcNow(), act, "", Short(evidence), edition);

    private static string Short(string evidence) => PersonalText.OneLine(evidence, MaxEvidence);
}
