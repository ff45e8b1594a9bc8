using System.Text.Json;
using Newsletter.Acceptance.Tests.BadInput;

namespace Newsletter.Acceptance.Tests.Sending;

/// <summary>The seed group as an editor meets it on the command line.</summary>
public sealed class SeedTests
{
    private readonly APublication publication = new();

    [TearDown]
    public void Remove_the_folder() => publication.Dispose();

    [Test]
    public async Task Send_stays_through_the_hold_and_the_others_follow_by_themselves()
    {
        await SetUpAsync();

        var send = await publication.Newsletter.RunAsync("send", "1", "--now", "--json", "--set", "Sending:Seed=reader2@example.com, reader3@example.com", "--set", "Sending:SeedHold=00:00:01");

        Assert.That((send.Code, APublication.Tally(send).GetProperty("sent").GetInt32()), Is.EqualTo((0, 5)), send.Errors);
        Assert.That(send.Errors, Does.Contain("Edition 1 is paused: the seed group has it (2 of 2 sent), the others wait; goes on by itself "));
    }

    [Test]
    public async Task Without_a_hold_send_ends_with_4_and_resume_lets_the_others_have_it()
    {
        await SetUpAsync();
        string[] seed = ["--set", "Sending:Seed:0=reader2@example.com"];

        var send = await publication.Newsletter.RunAsync(["send", "1", "--now", "--json", .. seed]);
        var status = JsonDocument.Parse((await publication.Newsletter.RunAsync("status", "--json")).Output).RootElement;
        var resume = await publication.Newsletter.RunAsync(["resume", .. seed]);
        var rest = await publication.Newsletter.RunAsync(["send", "1", "--now", "--json", .. seed]);

        Assert.That((send.Code, resume.Code, rest.Code), Is.EqualTo((4, 0, 0)), rest.Errors);
        Assert.That((APublication.Tally(send).GetProperty("sent").GetInt32(), status.GetProperty("reason").GetString()), Is.EqualTo((1, "the seed group has it (1 of 1 sent), the others wait")));
        Assert.That(APublication.Tally(rest).GetProperty("sent").GetInt32(), Is.EqualTo(5));
    }

    [Test]
    public async Task A_seed_that_is_neither_address_nor_tag_is_told()
    {
        await SetUpAsync();

        APublication.Says(await publication.Newsletter.RunAsync("send", "1", "--now", "--set", "Sending:Seed=everyone"), 1, "Sending:Seed holds 'everyone'");
    }

    private async Task SetUpAsync()
    {
        await File.WriteAllTextAsync(publication.File("issues", "0001.md"), "---\ntitle: A title\n---\n\nHello {{ subscriber.name | default: \"you\" }}, here are words enough for one letter.\n");
        await publication.AddReadersAsync(5);
    }
}
