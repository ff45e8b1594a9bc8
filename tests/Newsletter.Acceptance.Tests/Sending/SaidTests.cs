using Newsletter.Acceptance.Tests.BadInput;

namespace Newsletter.Acceptance.Tests.Sending;

/// <summary>What the commands say to an editor: times by their clock, what really comes next, and where letters lie that nobody got.</summary>
public sealed class SaidTests : IDisposable
{
    private const string NoRelay = "No relay is configured (Relays): letters are files in ";
    private readonly APublication publication = new();

    /// <summary>By UTC it would be 07:30, and who wrote 08:30 would look for the mistake.</summary>
    [Test]
    public async Task Times_are_by_the_clock_for_which_they_were_written()
    {
        await publication.AddReadersAsync(1);

        var schedule = await RunAsync("schedule", "5", "--at", "2099-12-01 08:30");
        var status = await RunAsync("status");

        Assert.That(schedule.Output, Does.EndWith("scheduled for Tuesday 2099-12-01 08:30 Europe/Berlin.\n"), schedule.Errors);
        Assert.That(status.Output, Does.Contain("due 2099-12-01 08:30 Europe/Berlin").And.Not.Contain("UTC"));
    }

    [Test]
    public async Task One_that_was_held_before_its_time_is_said_to_wait_for_it_again()
    {
        await publication.AddReadersAsync(1);
        await RunAsync("schedule", "5", "--at", "2099-12-01 08:30");

        var pause = await RunAsync("pause", "1");
        var resume = await RunAsync("resume", "1");

        Assert.That(pause.Output, Is.EqualTo("Edition 1 is held; newsletter resume 1 lets it go on.\n"), pause.Errors);
        Assert.That(resume.Output, Is.EqualTo("Edition 1 is scheduled for Tuesday 2099-12-01 08:30 Europe/Berlin; it goes out then while newsletter serve is running.\n"), resume.Errors);
    }

    [Test]
    public async Task Without_a_relay_it_is_said_that_nobody_has_got_anything()
    {
        await publication.AddReadersAsync(1);

        var proof = await RunAsync("proof", "5", "--to", "chief@example.net");
        var send = await RunAsync("send", "5", "--now");

        Assert.That(proof.Output, Does.Match("^Proof of 0005-good for chief@example.net written: .*outbox.notes.m-.*eml\n$"), proof.Errors);
        Assert.That(proof.Errors, Is.EqualTo($"{NoRelay}{publication.File("outbox")} and reach nobody.\n"));
        Assert.That(send.Errors, Does.EndWith(proof.Errors));
    }

    /// <summary>The time it took is the edition's, however often one asks.</summary>
    [Test]
    public async Task A_second_send_tells_when_the_first_was_and_how_long_it_took()
    {
        await publication.AddReadersAsync(1);
        await RunAsync("send", "5", "--now");

        var (again, third) = (await RunAsync("send", "5", "--now"), await RunAsync("send", "5", "--now"));

        Assert.That((again.Code, again.Output), Is.EqualTo((0, third.Output)), again.Errors);
        Assert.That(again.Errors, Does.Contain("Europe/Berlin; nothing is sent twice"));
    }

    [TestCase("--priority urgent: write high, normal or low", "send", "5", "--now", "--priority", "urgent")]
    [TestCase("--priority 1: write high, normal or low", "schedule", "5", "--at", "+1h", "--priority", "1")]
    [TestCase("--role clerk: write all, web or worker", "serve", "--role", "clerk")]
    public async Task A_word_that_is_none_of_the_few_is_told_with_them(string words, params string[] arguments)
    {
        var run = await RunAsync(arguments);

        APublication.Says(run, 2, words);
        Assert.That(run.Errors, Does.Not.Contain("Newsletter."), "no name of a type");
    }

    /// <summary>What is cancelled waits for nothing.</summary>
    [Test]
    public async Task Those_who_never_get_a_cancelled_edition_do_not_wait()
    {
        await publication.AddReadersAsync(2);
        await RunAsync("send", "5", "--now", "--set", "Sending:Seed=reader1@example.com");
        await RunAsync("cancel", "1");

        Assert.That((await RunAsync("status")).Output, Does.Contain("1 of 2 sent, 1 never to be sent, 0 excluded").And.Not.Contain("waiting"));
    }

    [Test]
    public async Task Before_the_first_edition_there_is_none_to_list() =>
        APublication.Says(await RunAsync("deliveries"), 1, "there is no edition yet; newsletter send ISSUE --now sends one");

    public void Dispose() => publication.Dispose();

    private Task<Ran> RunAsync(params string[] arguments) => publication.Newsletter.RunAsync([.. arguments, "--set", "Publication:TimeZone=Europe/Berlin"]);
}
