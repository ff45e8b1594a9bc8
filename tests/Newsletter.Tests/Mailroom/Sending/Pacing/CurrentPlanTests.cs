using Microsoft.Extensions.Logging.Abstractions;
using Newsletter.Mailroom;

namespace Newsletter.Tests.Mailroom.Sending.Pacing;

/// <summary>Changes of the file that would send the rest of an edition somewhere else than a person means: said, and not taken.</summary>
public sealed class CurrentPlanTests : IDisposable
{
    private const string Relay = """{ "Relays": [ { "Host": "mx1" } ] }""";

    private readonly TemporaryFolder folder = new();

    [Test]
    public void A_file_that_is_gone_for_a_moment_is_said_and_the_relays_stay()
    {
        var plans = Plans(Relay);

        File.Move(Path, Path + ".away");
        LookTwice(plans);
        var gone = (Name(plans), plans.Fault);
        File.Move(Path + ".away", Path);
        LookTwice(plans);

        Assert.That(gone, Is.EqualTo(("mx1:587", $"{Path}: the file is gone; put it back")));
        Assert.That((Name(plans), plans.Fault), Is.EqualTo(("mx1:587", (string?)null)));
    }

    [TestCase("""{ "Relay": [ { "Host": "mx1" } ] }""")]
    [TestCase("""{ "Relays": [] }""")]
    [TestCase("{ }")]
    public void A_file_that_names_no_relay_any_more_does_not_send_the_rest_into_the_folder(string json)
    {
        var plans = Plans(Relay);

        Write(json);
        LookTwice(plans);

        Assert.That((Name(plans), plans.Fault), Is.EqualTo(("mx1:587",
            "Relays: none is left, and what is not sent yet would go into the folder outbox instead; name one, or start anew where the folder is meant")));
    }

    [Test]
    public void Where_there_was_none_a_first_relay_is_taken()
    {
        var plans = Plans("{ }");

        Write(Relay);
        LookTwice(plans);

        Assert.That((Name(plans), plans.Fault), Is.EqualTo(("mx1:587", (string?)null)));
    }

    [TestCase("", "tester@example.org")]
    [TestCase("tester@example.org", "")]
    [TestCase("tester@example.org", "other@example.org")]
    public void The_sandbox_is_entered_and_left_by_a_new_start_alone(string before, string after)
    {
        var plans = Plans(Sandbox(before, "mx1"));

        Write(Sandbox(after, "mx2.example"));
        LookTwice(plans);

        Assert.That((Name(plans), plans.Fault), Is.EqualTo(("mx1:587", "Sending:Sandbox has changed, and that needs a new start; until then write it as it was")));
    }

    [Test]
    public void A_sender_that_changes_with_its_relays_leaves_the_letters_in_hand_a_relay()
    {
        var plans = Plans(Sender("example.org", "mx1"));

        Write(Sender("other.example", "mx2.example"));
        LookTwice(plans);

        Assert.That((Name(plans), plans.Fault), Is.EqualTo(("mx1:587", "Relays: none takes letters from example.org; name it in SenderDomains of one, or leave SenderDomains of one empty")));
    }

    public void Dispose() => folder.Dispose();

    private string Path => folder.File("appsettings.json");

    private CurrentPlan Plans(string json)
    {
        Write(json);
        return CurrentPlan.Of(Settings.Load(new(folder.Path), null, []), new(folder.Path), NullLogger<CurrentPlan>.Instance);
    }

    private void Write(string json) => File.WriteAllText(Path, json);

    private static void LookTwice(CurrentPlan plans)
    {
        plans.Look();
        plans.Look();
    }

    private static string Name(CurrentPlan plans) => plans.Value.Transports.Single().Name;

    private static string Sender(string domain, string host) =>
        $$"""{ "Publication": { "FromAddress": "editor@{{domain}}" }, "Relays": [ { "Host": "{{host}}", "SenderDomains": "{{domain}}" } ] }""";

    private static string Sandbox(string address, string host) => $$"""{ "Sending": { "Sandbox": "{{address}}" }, "Relays": [ { "Host": "{{host}}" } ] }""";
}
