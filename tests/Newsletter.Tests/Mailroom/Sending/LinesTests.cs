using Microsoft.Extensions.Time.Testing;
using Newsletter.Mailroom;
using Newsletter.Sending;

namespace Newsletter.Tests.Mailroom.Sending;

public sealed class LinesTests
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private readonly FakeTimeProvider clock = new();

    [Test]
    public async Task The_higher_priority_gets_the_next_free_line_and_equals_the_order_in_which_they_came()
    {
        var lines = new Lines(1, clock, processors: 1);
        var held = await lines.TakeAsync(Priority.Normal, Stop);
        var order = new List<string>();
        var low = Waits(lines, Priority.Low, "low", order);
        var first = Waits(lines, Priority.Normal, "first", order);
        var second = Waits(lines, Priority.Normal, "second", order);
        var high = Waits(lines, Priority.High, "high", order);

        held.Dispose();
        await Task.WhenAll(low, first, second, high);

        Assert.That(order, Is.EqualTo(new[] { "high", "first", "second", "low" }));
    }

    [TestCase(Priority.Low, Priority.High, 1, false)] // held too short: opening a line costs a handshake
    [TestCase(Priority.Low, Priority.High, 2, true)]
    [TestCase(Priority.Normal, Priority.Normal, 9, false)]
    [TestCase(Priority.Normal, Priority.Normal, 10, true)] // equals take turns
    [TestCase(Priority.High, Priority.Low, 29, false)]
    [TestCase(Priority.High, Priority.Low, 30, true)] // never nothing
    public async Task A_line_is_asked_back_for_a_higher_one_soon_for_an_equal_one_later_and_for_a_lower_one_in_the_end(Priority holder, Priority waiter, int seconds, bool expected)
    {
        var lines = new Lines(1, clock, processors: 1);
        using var held = await lines.TakeAsync(holder, Stop);
        using var stop = new CancellationTokenSource();
        var waits = lines.TakeAsync(waiter, stop.Token);

        clock.Advance(TimeSpan.FromSeconds(seconds));
        var wanted = held.IsWanted;
        await stop.CancelAsync();

        Assert.That(wanted, Is.EqualTo(expected));
        Assert.That(async () => await waits, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(held.IsWanted, Is.False, "nobody waits any more");
    }

    [Test]
    public async Task Who_waits_asks_one_line_back_and_not_all()
    {
        var lines = new Lines(3, clock, processors: 3);
        var held = new[] { await lines.TakeAsync(Priority.Low, Stop), await lines.TakeAsync(Priority.Low, Stop), await lines.TakeAsync(Priority.Low, Stop) };
        var waits = lines.TakeAsync(Priority.High, Stop);
        clock.Advance(TimeSpan.FromSeconds(5));

        var wanted = held.Where(line => line.IsWanted).ToList();
        wanted[0].Dispose();
        (await waits).Dispose();

        Assert.That(wanted, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_low_edition_beside_a_high_one_that_never_ends_still_gets_its_slices()
    {
        var lines = new Lines(1, clock, processors: 1);
        var slices = 0;
        var high = await lines.TakeAsync(Priority.High, Stop);
        for (var minute = 0; minute < 10; minute++)
        {
            var low = lines.TakeAsync(Priority.Low, Stop);
            clock.Advance(TimeSpan.FromSeconds(30));
            Assert.That(high.IsWanted);
            var back = Replace(high, lines);
            using (await low)
            {
                slices++;
                clock.Advance(Lines.Slice);
            }
            high = await back;
        }

        Assert.That(slices, Is.EqualTo(10));
    }

    [Test]
    public async Task Who_asked_for_a_line_that_went_to_a_higher_one_asks_for_another()
    {
        var lines = new Lines(1, clock, processors: 1);
        var held = await lines.TakeAsync(Priority.Normal, Stop);
        var equal = lines.TakeAsync(Priority.Normal, Stop);
        clock.Advance(Lines.Turn);
        Assert.That(held.IsWanted);
        var high = lines.TakeAsync(Priority.High, Stop);
        held.Dispose();
        using var higher = await high;

        clock.Advance(Lines.Patience);

        Assert.That((higher.IsWanted, equal.IsCompleted), Is.EqualTo((true, false)), "never nothing");
    }

    [Test]
    public async Task Fewer_lines_are_given_out_when_those_beyond_have_come_back_and_more_at_once()
    {
        var lines = new Lines(2, clock, processors: 2);
        var (first, second) = (await lines.TakeAsync(Priority.Normal, Stop), await lines.TakeAsync(Priority.Normal, Stop));
        var waits = lines.TakeAsync(Priority.Normal, Stop);

        lines.Resize(1, takesSeveral: true);
        first.Dispose();
        var whileOneIsHeld = waits.IsCompleted;
        second.Dispose();
        using var third = await waits;
        var more = lines.TakeAsync(Priority.Normal, Stop);
        var beyond = more.IsCompleted;
        lines.Resize(2, takesSeveral: true);
        using var fourth = await more;

        Assert.That((whileOneIsHeld, beyond), Is.EqualTo((false, false)));
    }

    [Test]
    public async Task Eight_that_take_and_give_back_at_once_never_hold_more_than_there_are()
    {
        var lines = new Lines(3, TimeProvider.System, processors: 3);
        var (now, most) = (0, 0);
        var gate = new Lock();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            for (var round = 0; round < 200; round++)
            {
                using var stop = new CancellationTokenSource();
                if (round % 7 == 0)
                    await stop.CancelAsync();
                try
                {
                    using var line = await lines.TakeAsync((Priority)(i % 3), stop.Token);
                    lock (gate)
                        most = Math.Max(most, ++now);
                    await Task.Yield();
                    lock (gate)
                        now--;
                }
                catch (OperationCanceledException)
                {
                    // It left the queue.
                }
            }
        })));
        var all = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => lines.TakeAsync(Priority.Low, Stop)));
        var fourth = lines.TakeAsync(Priority.Low, Stop);

        Assert.That((most, all.Length, fourth.IsCompleted), Is.EqualTo((Math.Min(most, 3), 3, false)), "none is lost, none is made");
    }

    private static async Task<Lines.Line> Replace(Lines.Line held, Lines lines)
    {
        held.Dispose();
        return await lines.TakeAsync(Priority.High, Stop);
    }

    private static async Task Waits(Lines lines, Priority priority, string name, List<string> order)
    {
        using var line = await lines.TakeAsync(priority, Stop);
        order.Add(name);
    }

    [Test]
    public async Task As_long_as_lines_do_not_wait_much_longer_than_they_work_they_are_few_with_several_letters_on_each()
    {
        var lines = await FewAsync(8, processors: 2);
        using var line = await lines.TakeAsync(Priority.Normal, Stop);

        for (var i = 0; i < 10_000; i++)
            Carry(line, work: TimeSpan.FromMilliseconds(0.4), wait: TimeSpan.FromMilliseconds(i % 500 == 0 ? 100 : 1)); // now and then this machine is busy itself

        Assert.That((lines.Count, line.Depth, lines.Widened.IsCompleted), Is.EqualTo((2, 4, false)));
    }

    [TestCase(0.4, 2)]
    [TestCase(0.1, 50)]
    [TestCase(50, 5000)]
    public async Task When_they_wait_much_longer_than_they_work_there_is_a_line_for_each_letter(double work, double wait)
    {
        var lines = await FewAsync(8, processors: 2);
        using var line = await lines.TakeAsync(Priority.Normal, Stop);

        for (var spent = 0.0; spent < 1200; spent += work + wait)
            Carry(line, TimeSpan.FromMilliseconds(work), TimeSpan.FromMilliseconds(wait));

        Assert.That((lines.Widened.IsCompleted, lines.Count, line.Depth), Is.EqualTo((true, 8, 1)));
    }

    [Test]
    public async Task Others_get_lines_when_those_that_are_held_have_come_back_from_their_several_letters()
    {
        var lines = await FewAsync(8, processors: 2);
        var first = await lines.TakeAsync(Priority.Normal, Stop);
        var second = await lines.TakeAsync(Priority.Normal, Stop);
        var third = lines.TakeAsync(Priority.Normal, Stop);
        Assert.That((first.Depth, second.Depth, third.IsCompleted), Is.EqualTo((4, 4, false)));

        lines.Suffer();
        Assert.That((lines.Count, third.IsCompleted), Is.EqualTo((2, false)), "eight letters may be under way on these two");

        Assert.That((first.Depth, lines.Count, (await third).Depth), Is.EqualTo((1, 5, 1)));
        second.Dispose();
        Assert.That(lines.Count, Is.EqualTo(8));
    }

    [Test]
    public async Task Lines_that_wait_for_an_answer_do_not_keep_the_others_from_their_letters()
    {
        var lines = await FewAsync(8, processors: 2);
        var first = await lines.TakeAsync(Priority.Normal, Stop);
        var second = await lines.TakeAsync(Priority.Normal, Stop);
        Assert.That((first.Depth, second.Depth), Is.EqualTo((4, 4)));
        first.Begin(1); // a letter that the relay thinks about
        second.Begin(3);

        clock.Advance(TimeSpan.FromSeconds(1));
        lines.Watch();
        Assert.That(lines.Widened.IsCompleted, Is.False);
        clock.Advance(TimeSpan.FromSeconds(1));
        lines.Watch();

        Assert.That((lines.Widened.IsCompleted, lines.Count), Is.EqualTo((true, 6)), "four letters are under way on two lines: four more lines may have one each");
        second.Answered(3, TimeSpan.FromSeconds(2));
        Assert.That(lines.Count, Is.EqualTo(6), "answered, and not yet kept");
        second.End();
        Assert.That((second.Depth, lines.Count), Is.EqualTo((1, 8)));
    }

    [Test]
    public async Task Few_lines_are_for_a_relay_that_has_answered_to_many_letters_without_trouble()
    {
        var lines = new Lines(8, clock, processors: 2);
        using var line = await lines.TakeAsync(Priority.Normal, Stop);
        var (before, after) = (new List<int>(), new List<int>());
        for (var round = 0; round < 2; round++)
        {
            line.Answered(RelayManner.Steady - 1, TimeSpan.Zero);
            before.Add(lines.Count);
            line.Answered(1, TimeSpan.Zero);
            after.Add(lines.Count);
            lines.Suffer();
        }

        Assert.That((before, after, lines.Count), Is.EqualTo((new List<int> { 8, 8 }, new List<int> { 2, 2 }, 8)));
    }

    [Test]
    public async Task A_relay_that_was_slow_has_many_lines_until_somebody_begins_anew_and_nobody_else_is_at_it()
    {
        var lines = await FewAsync(8, processors: 2);
        var line = await lines.TakeAsync(Priority.Normal, Stop);
        Carry(line, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(2));
        lines.BeginAnew();
        line.Answered(RelayManner.Steady, TimeSpan.Zero);
        var whileHeld = lines.Count;
        line.Dispose();
        lines.BeginAnew();
        using var next = await lines.TakeAsync(Priority.Normal, Stop);
        next.Answered(1, TimeSpan.Zero);
        var after = lines.Count;
        lines.Resize(8, takesSeveral: false);
        next.Answered(RelayManner.Steady, TimeSpan.Zero);

        Assert.That((whileHeld, after, lines.Count), Is.EqualTo((8, 2, 8)));
    }

    [Test]
    public async Task Lines_that_were_many_keep_their_letters_and_few_carry_what_is_left()
    {
        var lines = new Lines(8, clock, processors: 2);
        var held = new List<Lines.Line>();
        for (var i = 0; i < 8; i++)
            held.Add(await lines.TakeAsync(Priority.Normal, Stop));

        held[0].Answered(RelayManner.Steady, TimeSpan.Zero);
        var depths = new List<int> { held[0].Depth };
        for (var i = 7; i > 1; i--)
        {
            held[i].Dispose();
            depths.Add(held[0].Depth);
        }

        Assert.That(depths, Is.EqualTo(new[] { 1, 2, 3, 4, 4, 4, 4 }));
        Assert.That(held[1].Depth, Is.EqualTo(4));
    }

    [TestCase(1, 2, 1, 1)]
    [TestCase(2, 2, 2, 1)]
    [TestCase(4, 2, 2, 2)]
    [TestCase(8, 2, 2, 4)]
    [TestCase(11, 2, 2, 4)]
    [TestCase(12, 2, 3, 4)]
    [TestCase(200, 2, 3, 4)]
    [TestCase(8, 16, 8, 1)]
    public async Task Few_are_as_many_as_processors_or_one_more(int letters, int processors, int count, int depth)
    {
        var lines = await FewAsync(letters, processors);
        using var line = await lines.TakeAsync(Priority.Normal, Stop);

        Assert.That((lines.Count, line.Depth), Is.EqualTo((count, depth)));
    }

    [Test]
    public async Task Whatever_is_done_in_which_order_no_more_letters_are_under_way_than_there_may_be([Range(1, 40)] int seed)
    {
        var (random, setting, most) = (new Random(seed), 8, 8);
        var lines = new Lines(setting, clock, processors: 3);
        var (held, asked) = (new Dictionary<Lines.Line, int>(), new List<Task<Lines.Line>>());
        for (var step = 0; step < 2000; step++)
        {
            var line = held.Count > 0 ? held.Keys.ElementAt(random.Next(held.Count)) : null;
            switch (random.Next(line is null ? 4 : 8))
            {
                case 0 when asked.Count < 2: asked.Add(lines.TakeAsync(Priority.Normal, Stop)); break;
                case 1: lines.BeginAnew(); break;
                case 2 when random.Next(10) == 0: lines.Suffer(); break;
                case 3 when random.Next(10) == 0:
                    lines.Resize(setting = random.Next(1, 30), takesSeveral: true);
                    break;
                case 4: line!.Begin(held[line] = random.Next(1, line.Depth + 1)); break;
                case 5: line!.Answered(random.Next(2) * RelayManner.Steady, TimeSpan.FromMilliseconds(random.Next(200))); break;
                case 6: line!.End(); held[line] = 0; break;
                case 7: held.Remove(line!); line!.Dispose(); break;
            }
            clock.Advance(TimeSpan.FromMilliseconds(random.Next(100)));
            foreach (var granted in asked.Where(task => task.IsCompleted).ToList())
            {
                held.Add(await granted, 0);
                asked.Remove(granted);
            }
            var underWay = held.Values.Sum();
            Assert.That(underWay, Is.LessThanOrEqualTo(Math.Max(most, setting)), $"step {step}");
            most = Math.Max(setting, Math.Min(most, held.Values.Sum(letters => Math.Max(letters, 1)) + asked.Count)); // after a smaller setting lines come back one by one; some were granted before and are not seen yet
        }
    }

    /// <summary>Of a relay that has shown that it is steady.</summary>
    private async Task<Lines> FewAsync(int letters, int processors)
    {
        var lines = new Lines(letters, clock, processors);
        using var line = await lines.TakeAsync(Priority.Normal, Stop);
        line.Answered(RelayManner.Steady, TimeSpan.Zero);
        return lines;
    }

    private void Carry(Lines.Line line, TimeSpan work, TimeSpan wait)
    {
        clock.Advance(work);
        line.Begin(1);
        clock.Advance(wait);
        line.Answered(1, wait);
        line.End();
    }
}
