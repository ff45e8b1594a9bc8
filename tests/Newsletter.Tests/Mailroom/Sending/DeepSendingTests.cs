using Newsletter.Composing;
using Newsletter.Mailroom;
using Newsletter.Sending;

namespace Newsletter.Tests.Mailroom.Sending;

/// <summary>An edition over lines that take several letters at once.</summary>
[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class DeepSendingTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly int Connections = 4 * Environment.ProcessorCount;
    private static readonly CancellationToken Stop = CancellationToken.None;
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(50);

    private SendingHome House => field ??= new(Database, TimeProvider.System);

    [Test]
    public async Task Each_reader_gets_one_letter_and_never_are_more_under_way_than_the_connections_allow()
    {
        const int all = RelayManner.Steady + 1000;
        var relay = new DeepRelay { Answer = (to, _) => to.Contains("777", StringComparison.Ordinal) ? new SmtpOutcome.Rejected(550, "5.1.1", "no such user") : new SmtpOutcome.Accepted("taken") };

        var (tally, _) = await SendAsync(all, relay, SendingHome.Quick());

        Assert.That((tally, relay.To.Distinct().Count(), relay.To.Count), Is.EqualTo((new Tally(Sent: all - 6, Failed: 6), all, all)));
        Assert.That(relay.MostUnderWay, Is.LessThanOrEqualTo(Connections));
        Assert.That(relay.LargestGroup, Is.GreaterThan(1));
    }

    [Test]
    public async Task With_the_first_lost_line_each_carries_one_letter_again()
    {
        var relay = new DeepRelay();
        relay.Answer = (_, sent) => sent == RelayManner.Steady + 500 ? new SmtpOutcome.InDoubt("the line was lost") : new SmtpOutcome.Accepted("taken");

        var (tally, _) = await SendAsync(RelayManner.Steady + 1500, relay, SendingHome.Quick(InDoubtPolicy.Hold));

        Assert.That((tally.Sent, tally.InDoubt, relay.LargestGroup), Is.EqualTo((RelayManner.Steady + 1499, 1, 4)));
        Assert.That(relay.Groups.TakeLast(500), Has.All.EqualTo(1));
    }

    [Test]
    public async Task A_relay_that_takes_its_time_works_on_a_letter_on_each_line()
    {
        var allAtWork = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var relay = new DeepRelay { Waited = Slow };
        relay.Meanwhile = (_, onLine) =>
        {
            if (relay.UnderWay == Connections)
                allAtWork.TrySetResult();
            return onLine < 20 ? Task.CompletedTask : allAtWork.Task.WaitAsync(TimeSpan.FromMinutes(1));
        };

        var (tally, fault) = await SendAsync(400, relay, SendingHome.Quick());
        Assert.That(fault, Is.Null);

        Assert.That((tally, relay.LargestGroup, relay.MostUnderWay), Is.EqualTo((new Tally(Sent: 400), 1, Connections)));
    }

    [Test]
    public async Task A_domain_that_takes_one_at_a_time_is_given_one_at_a_time()
    {
        var relay = new DeepRelay();
        var plans = new CurrentPlan(new SendingPlan([relay]) { Domains = [DomainRule.Of(new() { Match = "example.com", Connections = 1 })] });

        var (tally, _) = await SendAsync(6, relay, SendingHome.Quick(), plans);

        Assert.That((tally, relay.MostUnderWay), Is.EqualTo((new Tally(Sent: 6), 1)));
    }

    [Test]
    public async Task A_fault_of_ours_among_several_leaves_them_all_in_doubt_where_so_configured()
    {
        var relay = new DeepRelay { Meanwhile = (sent, _) => sent < RelayManner.Steady + 500 ? Task.CompletedTask : throw new InvalidOperationException("a fault of ours") };

        var (tally, fault) = await SendAsync(RelayManner.Steady + 1000, relay, SendingHome.Quick(InDoubtPolicy.Hold));

        Assert.That(fault?.Message, Is.EqualTo("a fault of ours"));
        Assert.That((tally.Sent, tally.InDoubt), Is.EqualTo((relay.Taken, relay.To.Count - relay.Taken)), "what was handed over is sent or in doubt");
    }

    private async Task<(Tally Tally, Exception? Fault)> SendAsync(int readers, DeepRelay relay, SendingOptions options, CurrentPlan? plans = null)
    {
        await House.SubscribeAsync(readers);
        var edition = await House.StartAsync();
        var desk = House.Desk(options, relay);
        await using var dispatcher = new Dispatcher(plans is null ? desk : desk with { Plans = plans }, Some.Publication(), DkimSeal.None);
        Exception? fault = null;
        try
        {
            await dispatcher.SendUntilSettledAsync(edition, null, Stop).WaitAsync(TimeSpan.FromMinutes(1));
        }
        catch (InvalidOperationException e)
        {
            fault = e;
        }
        return (await House.TallyAsync(edition), fault);
    }

    private sealed class DeepRelay : ITransport
    {
        private readonly Lock gate = new();
        private readonly List<string> to = [];

        public string Name => "deep";

        int ITransport.Connections => Connections;

        public bool TakesSeveral => true;

        /// <summary>What a letter's answer takes.</summary>
        public TimeSpan Waited { get; init; } = TimeSpan.FromMicroseconds(10);

        public Func<string, int, SmtpOutcome> Answer { get; set; } = (_, _) => new SmtpOutcome.Accepted("taken");

        /// <summary>Called before letters are answered, with how many were handed over before, in all and on the line.</summary>
        public Func<int, int, Task> Meanwhile { get; set; } = async (_, _) => await Task.Yield();

        public int UnderWay { get; private set; }

        public int MostUnderWay { get; private set; }

        public int LargestGroup { get; private set; }

        /// <summary>How many letters went at once, in their order.</summary>
        public List<int> Groups { get; } = [];

        public int Taken { get; private set; }

        public IReadOnlyList<string> To
        {
            get
            {
                lock (gate)
                    return [.. to];
            }
        }

        public ITransportConnection Open() => new Line(this);

        private async Task<IReadOnlyList<SmtpOutcome>> TakeAsync(IReadOnlyList<Letter> letters, int onLine)
        {
            int before;
            lock (gate)
            {
                (before, UnderWay) = (to.Count, UnderWay + letters.Count);
                to.AddRange(letters.Select(letter => letter.Recipient));
                (MostUnderWay, LargestGroup) = (Math.Max(MostUnderWay, UnderWay), Math.Max(LargestGroup, letters.Count));
                Groups.Add(letters.Count);
            }
            await Meanwhile(before, onLine);
            lock (gate)
            {
                UnderWay -= letters.Count;
                Taken += letters.Count;
                return [.. letters.Select((letter, i) => Answer(letter.Recipient, before + i))];
            }
        }

        private sealed class Line(DeepRelay relay) : ITransportConnection
        {
            private int sent;

            public bool TakesSeveral => true;

            public int AtOnce => 4;

            public TimeSpan Waited => relay.Waited * sent;

            public Task<SmtpOutcome?> OpenAsync(CancellationToken stop) => Task.FromResult<SmtpOutcome?>(null);

            public async Task<SmtpOutcome> SendAsync(Letter letter) => (await SendAsync([letter]))[0];

            public Task<IReadOnlyList<SmtpOutcome>> SendAsync(IReadOnlyList<Letter> letters)
            {
                var before = sent;
                sent += letters.Count;
                return relay.TakeAsync(letters, before);
            }

            public ValueTask DisposeAsync() => default;
        }
    }
}
