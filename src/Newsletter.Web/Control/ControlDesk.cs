using Newsletter.Addresses;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Web;

/// <summary>What the pages of editions show, counted from the rows.</summary>
internal sealed class ControlDesk(EditionStore editions, DeliveryStore deliveries, ReturnedMailStore returned, PaceStore pacing, TimeProvider time)
{
    private const int Shown = 30;
    private const int ShownReaders = 50;

    /// <summary>The newest editions.</summary>
    public async Task<IReadOnlyList<EditionView>> ListAsync(CancellationToken ct)
    {
        var views = new List<EditionView>();
        foreach (var edition in await editions.ListAsync(Shown, ct))
            views.Add(await ViewAsync(edition, ct));
        return views;
    }

    /// <summary>One edition; null where there is none.</summary>
    public async Task<EditionView?> FindAsync(EditionId id, CancellationToken ct) => await editions.FindAsync(id, ct) is { } edition ? await ViewAsync(edition, ct) : null;

    /// <summary>One edition with whom it did not reach and why; null where there is none.</summary>
    public async Task<EditionDetails?> DetailsAsync(EditionId id, CancellationToken ct)
    {
        if (await FindAsync(id, ct) is not { } view)
            return null;
        var readers = new List<(DeliveryState, DeliveryLine)>();
        foreach (var state in new[] { DeliveryState.Failed, DeliveryState.InDoubt, DeliveryState.Deferred })
            readers.AddRange((await deliveries.ListAsync(id, state, new(0), ShownReaders, ct)).Select(line => (state, line)));
        var signals = view.Edition is { HasTwoSubjects: true, StartedAt: not null } ? await editions.SignalsAsync(id, ct) : ((TrialSignals, TrialSignals)?)null;
        var isRunning = view.Edition.State is EditionState.Running;
        return new(view, await editions.ExclusionsAsync(id, ct), await returned.CountAsync(id, ct), readers, signals)
        {
            Pace = isRunning ? await deliveries.PaceAsync(view.Edition, view.Now, ct) : null,
            Held = isRunning ? await pacing.HoldsAsync(view.Now, ct) : [],
        };
    }

    private async Task<EditionView> ViewAsync(Edition edition, CancellationToken ct) => new(edition, await deliveries.TallyAsync(edition.Id, ct), time.GetUtcNow());
}

/// <summary>An edition as its page shows it.</summary>
/// <param name="Edition">The edition.</param>
/// <param name="Tally">Where its deliveries stand.</param>
/// <param name="Now">When it was looked at.</param>
public sealed record EditionView(Edition Edition, Tally Tally, DateTimeOffset Now)
{
    /// <summary>Those that have a last word.</summary>
    public long Settled => Tally.Total - Tally.Open;

    /// <summary>Why it stands where it stands; may be empty.</summary>
    public string Why => EditionWords.Why(Edition, Now);

    /// <summary>What a person can do with it.</summary>
    public IReadOnlyList<EditionVerb> Verbs => EditionVerb.Of(this);
}

/// <summary>An edition's page in full.</summary>
/// <param name="View">The edition and its tally.</param>
/// <param name="Excluded">Candidates that get no letter, by the reason.</param>
/// <param name="CameBack">Returned mails, by their kind.</param>
/// <param name="Readers">Whom it did not reach so far, with the relay's last words.</param>
/// <param name="Signals">What the readers of two subjects did; null where there is one alone.</param>
public sealed record EditionDetails(EditionView View, IReadOnlyDictionary<string, long> Excluded, IReadOnlyDictionary<string, long> CameBack, IReadOnlyList<(DeliveryState State, DeliveryLine Line)> Readers, (TrialSignals A, TrialSignals B)? Signals)
{
    /// <summary>How fast it goes; null where it does not run.</summary>
    public SendingPace? Pace { get; init; }

    /// <summary>Relays, domains and hours for which workers hold letters back just now, of this edition or others.</summary>
    public IReadOnlyList<PaceHold> Held { get; init; } = [];
}
