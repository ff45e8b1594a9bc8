using System.Globalization;

namespace Newsletter.Acceptance.Tests.Workers;

/// <summary>Three processes send the same edition from one PostgreSQL database: whatever happens to one of them, the others finish, and the counts are exact.</summary>
public sealed class ThreeWorkersTests : DatabaseTests<PostgresHome>
{
    private const int Readers = 1500;
    private WorkerHouse house = null!;

    [SetUp]
    public async Task Set_up() => house = await WorkerHouse.OpenAsync(Home.ConnectionString, Readers, perSecond: 200);

    [TearDown]
    public async Task End_the_workers()
    {
        if (house is not null)
            await house.DisposeAsync();
    }

    [Test]
    public async Task All_three_have_their_part_and_nobody_gets_two()
    {
        var open = new TaskCompletionSource();
        house.Relay.Script = moment =>
        {
            if (moment.Connection == 3 * WorkerHouse.Connections)
                open.TrySetResult();
            return moment is { Stage: LoopbackStage.Sender, Kept: >= 100 } ? new LoopbackAnswer.WaitFor(open.Task) : null; // one that is slow to begin finds letters left
        };
        await house.StartAsync(3);
        await house.DoAsync("schedule", "1", "--at", "+0s");

        await house.CompleteAsync();

        Assert.That(house.Relay.Connections, Is.GreaterThanOrEqualTo(3 * WorkerHouse.Connections), "each opens its own, and only where it has a letter to send");
        await house.AddsUpAsync(doublesAtMost: 0);
    }

    [Test]
    public async Task One_is_killed_one_is_stopped_past_its_lease_and_wakes_again_and_only_letters_in_their_hands_go_twice()
    {
        var workers = await house.StartAsync(3);
        await house.DoAsync("schedule", "1", "--at", "+0s");
        await house.Relay.WaitForLettersAsync(Readers / 4);

        await workers[1].SignalAsync("STOP");
        await house.Relay.WaitForLettersAsync(Readers / 3);
        workers[0].Kill();
        await house.WaitForAsync($"select count(*) from deliveries where state = 'claimed' and claimed_by like '%|{workers[1].Id}|%'", "0"); // its lease is over, others have what it had
        await workers[1].SignalAsync("CONT");
        await house.CompleteAsync();
        var woken = await workers[1].StopAsync(); // what it still had in its hands is out now
        await workers[2].StopAsync();

        Assert.That(woken.Code, Is.Zero, woken.Errors);
        await house.AddsUpAsync(doublesAtMost: 2 * WorkerHouse.Connections);
    }

    /// <summary>A quick worker has hundreds of claims at hand, and as many ahead: it asks for each of them again when it wakes.</summary>
    [Test]
    public async Task One_with_large_batches_is_stopped_past_its_lease_and_only_letters_in_its_hands_go_twice()
    {
        var quick = (await house.StartAsync(1, "Sending:BatchSize=1000"))[0];
        await house.DoAsync("schedule", "1", "--at", "+0s");
        await house.Relay.WaitForLettersAsync(Readers / 4);

        await quick.SignalAsync("STOP");
        var atHand = await house.AskAsync("select count(*) from deliveries where state = 'claimed'");
        await house.StartAsync(1);
        await house.WaitForAsync($"select count(*) from deliveries where state = 'claimed' and claimed_by like '%|{quick.Id}|%'", "0");
        await quick.SignalAsync("CONT");
        await house.CompleteAsync();
        await quick.StopAsync();

        Assert.That(int.Parse(atHand!, CultureInfo.InvariantCulture), Is.GreaterThan(100), "its batches have grown");
        await house.AddsUpAsync(doublesAtMost: WorkerHouse.Connections);
    }

    [Test]
    public async Task Replaced_one_after_the_other_in_mid_send_none_of_them_loses_a_letter_or_sends_one_twice()
    {
        var workers = await house.StartAsync(3);
        await house.DoAsync("schedule", "1", "--at", "+0s");

        var ends = new List<(int Code, string Errors)>();
        for (var i = 0; i < 3; i++)
        {
            await house.Relay.WaitForLettersAsync(Readers * (i + 1) / 6);
            ends.Add(await workers[i].StopAsync());
            await house.StartAsync(1);
        }
        await house.CompleteAsync();

        Assert.That(ends.Select(end => end.Code), Has.All.Zero, string.Join('\n', ends.Select(end => end.Errors)));
        await house.AddsUpAsync(doublesAtMost: 0);
    }
}
