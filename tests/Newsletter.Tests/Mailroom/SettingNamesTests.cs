using Microsoft.Extensions.Configuration;
using Newsletter.Mailroom;

namespace Newsletter.Tests.Mailroom;

public sealed class SettingNamesTests
{
    [TestCase("Sending:HoldWindw", "Sending:HoldWindw is no key of the configuration; did you mean Sending:HoldWindow?")]
    [TestCase("Relays:0:Prot", "Relays:0:Prot is no key of the configuration; did you mean Relays:0:Port?")]
    [TestCase("Relays:0:WarmUp:Begin", "Relays:0:WarmUp:Begin is no key of the configuration; docs/configuration.md has all of them")]
    [TestCase("Returns:Domian", "Returns:Domian is no key of the configuration; did you mean Returns:Domain?")]
    [TestCase("Returns:Mailboxes:0:Pfad", "Returns:Mailboxes:0:Pfad is no key of the configuration")]
    [TestCase("Publikation:Name", "Publikation is no section of the configuration; did you mean Publication?")]
    [TestCase("Sandbox", "Sandbox is no section of the configuration")]
    public void A_name_that_means_nothing_is_said_with_the_one_that_was_meant(string key, string words) =>
        Assert.That(() => Wiring.CheckSettings(Configuration((key, "1")), new("/publication")), Throws.TypeOf<SettingException>().With.Message.Contain(words));

    [TestCase("sending:holdwindow", "00:05:00")]
    [TestCase("Sending:Seed", "ada@example.org, tag:staff")]
    [TestCase("Sending:Seed:0", "ada@example.org")]
    [TestCase("Sending:RetryDelays:0", "00:05:00")]
    [TestCase("Pacing:WarmUp:Start", "2026-12-01", "Pacing:WarmUp:PerDay", "50, 100")]
    [TestCase("Logging:LogLevel:Default", "Warning")]
    [TestCase("Kestrel:Certificates:Default:Path", "a.pem")]
    [TestCase("$schema", "https://json.schemastore.org/appsettings.json")]
    public void A_name_that_means_something_is_none(params string[] settings) =>
        Assert.That(() => Wiring.CheckSettings(Configuration([.. settings.Chunk(2).Select(pair => (pair[0], pair[1]))]), new("/publication")), Throws.Nothing);

    /// <summary>Other programs' variables may begin as ours do; one with a section is meant for us.</summary>
    [Test]
    public void Of_the_environment_only_what_has_a_section_is_looked_at()
    {
        using var meant = new AVariable("NEWSLETTER_Sendng__Sandbox");
        using var foreign = new AVariable("NEWSLETTER_HOME");

        var unknown = SettingNames.UnknownSections(new ConfigurationBuilder().AddEnvironmentVariables("NEWSLETTER_").Build());

        Assert.That(unknown, Is.EqualTo(new[] { "Sendng is no section of the configuration; did you mean Sending?" }));
    }

    private static IConfigurationRoot Configuration(params (string Key, string Value)[] settings) => new ConfigurationBuilder().AddInMemoryCollection(
    [
        new("Publication:Name", "Field Notes"), new("Publication:FromAddress", "editor@example.org"), new("Publication:PostalAddress", "12 Mill Lane"),
        new("Publication:BaseUrl", "https://news.example.org"), new("Relays:0:Host", "mail.example.org"), new("Returns:Mailboxes:0:Path", "/var/mail/returns"),
        .. settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)),
    ]).Build();

    private sealed class AVariable : IDisposable
    {
        private readonly string name;

        public AVariable(string name) => Environment.SetEnvironmentVariable(this.name = name, "1");

        public void Dispose() => Environment.SetEnvironmentVariable(name, null);
    }
}
