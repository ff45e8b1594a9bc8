using System.Globalization;
using Newsletter.Addresses;
using Newsletter.Composing;
using Newsletter.Mailroom;
using Newsletter.Sending;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Mailroom.Sending;

/// <summary>A house that sends: stores over the test's database, and desks that hand letters to a loopback server.</summary>
internal sealed class SendingHome(Database database, TimeProvider time)
{
    private static readonly CancellationToken Stop = CancellationToken.None;

    public EditionStore Editions { get; } = new(database);

    public DeliveryStore Deliveries { get; } = new(database);

    public SubscriberStore Subscribers { get; } = new(database, Some.ErasedAddresses());

    public OurAddresses Ours { get; } = Some.OurAddresses();

    public string Journals { get; init; } = Path.Combine(TestContext.CurrentContext.WorkDirectory, "journals", TestContext.CurrentContext.Test.ID);

    /// <summary>reader0@example.com and so on, all active.</summary>
    public async Task<IReadOnlyList<SubscriberId>> SubscribeAsync(int count)
    {
        var ids = new List<SubscriberId>();
        for (var i = 0; i < count; i++)
            ids.Add(((Addition.Added)await Subscribers.AddAsync(
                new(EmailAddress.Read($"reader{i.ToString(CultureInfo.InvariantCulture)}@example.com")!) { Name = $"Reader {i}" },
                new(SubscriptionState.Active, "test", Actor.Import, time.GetUtcNow()), Stop)).Id);
        return ids;
    }

    public Task<EditionId> StartAsync(string slug = "0001-first") => StartAsync(Some.RenderedIssue(slug));

    public async Task<EditionId> StartAsync(RenderedIssue issue)
    {
        var (edition, _) = await Editions.AddAsync(issue, "", time.GetUtcNow(), time.GetUtcNow(), Stop);
        await Editions.FreezeAsync(edition.Id, time.GetUtcNow(), Stop);
        return edition.Id;
    }

    public SendingDesk Desk(SendingOptions options, params ITransport[] transports) => new(Editions, Deliveries, transports, Ours, options, Journals, time) { Paces = new(database), DueTimes = new(database) };

    public Dispatcher Dispatcher(SendingOptions options, params ITransport[] transports) => new(Desk(options, transports), Some.Publication(), DkimSeal.None);

    public Dispatcher Dispatcher(LoopbackSmtp server) => Dispatcher(Quick(), Relay(server));

    public Task<Tally> TallyAsync(EditionId edition) => Deliveries.TallyAsync(edition, Stop);

    public async Task<Edition> EditionAsync(EditionId edition) => (await Editions.FindAsync(edition, Stop))!;

    public Task LeaveAsync(SubscriberId subscriber) =>
        Subscribers.ChangeAsync(subscriber, new(SubscriptionState.Unsubscribed, "one-click", Actor.Reader, time.GetUtcNow()), Stop);

    /// <summary>Retries come at once, so that a test need not wait for them.</summary>
    public static SendingOptions Quick(InDoubtPolicy inDoubt = InDoubtPolicy.Resend, int pauseAfter = 100, int batch = 50) =>
        new() { RetryDelays = [TimeSpan.FromMilliseconds(1)], InDoubt = inDoubt, PauseAfterRefusals = pauseAfter, BatchSize = batch };

    public static SmtpTransport Relay(LoopbackSmtp server, int connections = 4, int most = 100, TimeSpan? timeout = null, double rate = 0) => new(new RelayOptions
    {
        Host = "127.0.0.1", Port = server.Port, Security = RelaySecurity.None, Connections = connections, MaxPerConnection = most, Timeout = timeout ?? TimeSpan.FromMinutes(1), Rate = rate,
    });
}

/// <summary>Keeps what it was told, in order.</summary>
internal sealed class KeptProgress : IProgress<SendingProgress>
{
    private readonly Lock gate = new();
    private readonly List<SendingProgress> all = [];
    private readonly TaskCompletionSource troubled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<SendingProgress> All
    {
        get
        {
            lock (gate)
                return [.. all];
        }
    }

    /// <summary>Done when the first trouble with a relay has been told.</summary>
    public Task FirstTrouble => troubled.Task;

    public void Report(SendingProgress value)
    {
        if (value.Trouble is not null)
            troubled.TrySetResult();
        lock (gate)
            all.Add(value);
    }
}
