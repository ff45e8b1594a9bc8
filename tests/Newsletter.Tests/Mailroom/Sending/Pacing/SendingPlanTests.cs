using Microsoft.Extensions.Logging.Abstractions;
using Newsletter.Mailroom;

namespace Newsletter.Tests.Mailroom.Sending.Pacing;

/// <summary>The settings of relays, domains and hours, from a file that may change.</summary>
public sealed class SendingPlanTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Test]
    public void All_keys_are_read()
    {
        var plan = Read("""
            { "Publication": { "FromAddress": "editor@example.org", "TimeZone": "Europe/Berlin" },
              "Relays": [ { "Host": "mx1.example.net", "Limits": "20/s, 500/1h", "Weight": 3, "Rate": 2.5, "WarmUp": { "Start": "2026-12-01", "PerDay": "50, 100" } }, { "Host": "mx2.example.net", "SenderDomains": "other.example" } ],
              "Domains": [ { "Match": "gmail.com", "Limits": "5/s", "Connections": 2 } ],
              "Pacing": { "Hours": "Mon-Fri 08:00-20:00", "HoursOf": "Reader", "AtLocalTime": true, "WarmUp": { "Start": "2026-12-02", "PerDay": "7" } } }
            """);

        var pace = plan.Transports[0].Pace;
        Assert.That(pace.Limits.Select(limit => limit.ToString()), Is.EqualTo(["2/0.8s", "20/1s", "500/1h"]));
        Assert.That((pace.Weight, pace.WarmUp!.Start, pace.WarmUp.PerDay[1]), Is.EqualTo((3, new DateOnly(2026, 12, 1), 100)));
        Assert.That((plan.HoursOfReader, plan.AtLocalTime, plan.Zone.Id, plan.WarmUp!.PerDay[0], plan.Domains.Single().Connections), Is.EqualTo((true, true, "Europe/Berlin", 7, 2)));
        Assert.That(plan.For("example.org").Single().Name, Is.EqualTo("mx1.example.net:587"));
        Assert.That(plan.For("other.example").Single().Name, Is.EqualTo("mx2.example.net:587"));
    }

    [TestCase("""{ "Domains": [ { "Match": "gmail.com" }, { "Match": "a.example, GMAIL.com" } ] }""", "gmail.com stands in two entries")]
    [TestCase("""{ "Domains": [ { "Match": "a*.example" } ] }""", "Domains:0:Match")]
    [TestCase("""{ "Domains": [ { "Match": "*", "Limits": "5" } ] }""", "100/1h")]
    [TestCase("""{ "Relays": [ { "Host": "mx", "WarmUp": { "Start": "2026-12-01", "PerDay": "50, many" } } ] }""", "Relays:0:WarmUp")]
    [TestCase("""{ "Relays": [ { "Host": "mx", "Weight": -1 } ] }""", "Relays:0:Weight")]
    [TestCase("""{ "Pacing": { "WarmUp": { "PerDay": "50" } } }""", "Pacing:WarmUp")]
    [TestCase("""{ "Publication": { "FromAddress": "editor@example.org" }, "Relays": [ { "Host": "mx", "SenderDomains": "other.example" } ] }""", "none takes letters from example.org")]
    public void What_is_wrong_is_named(string json, string words) =>
        Assert.That(() => Read(json), Throws.TypeOf<SettingException>().With.Message.Contains(words));

    [Test]
    public void A_changed_file_is_taken_at_the_second_look_and_a_wrong_one_is_said_once_and_left()
    {
        var path = Write("""{ "Relays": [ { "Host": "mx1" } ] }""");
        var configuration = Settings.Load(Folder, path, ["Relays:0:Port=2525"]);
        var plans = CurrentPlan.Of(configuration, Folder, NullLogger<CurrentPlan>.Instance);
        var names = new List<string> { plans.Value.Transports[0].Name };

        foreach (var json in new[] { """{ "Relays": [ { "Host": "mx2.example" } ] }""", """{ "Relays": [ { "Host": """, """{ "Relays": [ { "Host": "mx3.example", "Limits": "lots" } ] }""", """{ "Relays": [ { "Host": "mx4.example.org" } ] }""" })
        {
            Write(json);
            plans.Look();
            names.Add(plans.Value.Transports[0].Name);
            plans.Look();
            names.Add($"{plans.Value.Transports[0].Name} {(plans.Fault is { } fault ? fault.Contains("appsettings", StringComparison.Ordinal) : "right")}");
        }

        Assert.That(names, Is.EqualTo([
            "mx1:2525", "mx1:2525", "mx2.example:2525 right", "mx2.example:2525", "mx2.example:2525 True", "mx2.example:2525", "mx2.example:2525 True", "mx2.example:2525", "mx4.example.org:2525 right"]));
    }

    public void Dispose() => folder.Dispose();

    private PublicationFolder Folder => new(folder.Path);

    private SendingPlan Read(string json) => SendingPlan.Read(Settings.Load(Folder, Write(json), []), Folder);

    private string Write(string json)
    {
        File.WriteAllText(folder.File("appsettings.json"), json);
        return folder.File("appsettings.json");
    }
}
