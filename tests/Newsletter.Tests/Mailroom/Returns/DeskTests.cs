using Microsoft.Extensions.Time.Testing;
using MimeKit;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Mailroom.Returns;

/// <summary>What tests of the desk stand on: Ida, a clock that is set, and a folder in which what is sent lies as files.</summary>
public abstract class DeskTests : DatabaseTests<SqliteHome>
{
    private readonly TemporaryFolder folder = new();

    protected static CancellationToken Stop => CancellationToken.None;

    protected static OurAddresses Ours { get; } = Some.OurAddresses();

    protected FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 2, 7, 0, 0, TimeSpan.Zero));

    protected SubscriberId Ida { get; private set; }

    /// <summary>How she stands when a test begins.</summary>
    protected virtual SubscriptionState Standing => SubscriptionState.Active;

    protected SubscriberStore Subscribers => new(Database, Some.ErasedAddresses());

    /// <summary>The way out.</summary>
    protected PickupTransport Outbox => new(PathOf("outbox"));

    [SetUp]
    public async Task Add_a_reader() => Ida = ((Addition.Added)await Subscribers.AddAsync(
        new Profile(EmailAddress.Read("ida@harbour.example")!) { Language = "de" }, new(Standing, "test", Actor.Import, Clock.GetUtcNow()), Stop)).Id;

    [TearDown]
    public void Remove_the_folder() => folder.Dispose();

    protected string PathOf(params string[] names) => folder.File(names);

    protected async Task<SubscriptionState> StateAsync() => (await Subscribers.FindAsync(Ida, Stop))!.State;

    /// <summary>What was sent.</summary>
    protected string[] NoteFiles() => Directory.Exists(PathOf("outbox", "notes")) ? Directory.GetFiles(PathOf("outbox", "notes")) : [];

    /// <summary>What was sent.</summary>
    protected List<MimeMessage> Notes() => [.. NoteFiles().Select(file => MimeMessage.Load(file, Stop))];
}
