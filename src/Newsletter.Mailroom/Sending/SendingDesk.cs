using Newsletter.Addresses;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>What stands on the desk of whoever sends: the ledger, the relays, the rules.</summary>
/// <param name="Editions">Where each edition stands.</param>
/// <param name="Deliveries">The ledger.</param>
/// <param name="Transports">The relays, or the pickup folder; at least one.</param>
/// <param name="Ours">The addresses that lead back.</param>
/// <param name="Options">The rules.</param>
/// <param name="Journals">The folder for what relays have said and the ledger does not have yet; one for all workers of a machine.</param>
/// <param name="Time">The clock.</param>
public sealed record SendingDesk(
    EditionStore Editions, DeliveryStore Deliveries, IReadOnlyList<ITransport> Transports, OurAddresses Ours, SendingOptions Options, string Journals, TimeProvider Time)
{
    /// <summary>Addresses that lead back to nobody, for letters of the sandbox.</summary>
    public OurAddresses Harmless { get; init; } = Ours;

    /// <summary>Under this name deliveries are claimed. No two desks share one.</summary>
    public string Worker { get; init; } = WorkerName.New();

    /// <summary>Where letters go and how fast; read again when the settings change.</summary>
    public CurrentPlan Plans { get; init; } = new(new SendingPlan(Transports));

    /// <summary>Limits that all workers share. Null: there are none, and nobody is told what is held back.</summary>
    public PaceStore? Paces { get; init; }

    /// <summary>Puts off what may not go yet.</summary>
    public required DueTimes DueTimes { get; init; }
}
