using Microsoft.Extensions.Configuration;
using Newsletter.Mailroom;
using Newsletter.Tests.Core.Composing;

namespace Newsletter.Tests.Mailroom.Sending;

public sealed class RelayWiringTests
{
    [Test]
    public void Without_a_relay_letters_go_to_the_pickup_folder_unsigned()
    {
        var folder = new PublicationFolder("/publication");

        var transports = RelayWiring.Transports(Configuration(), folder);

        Assert.That(transports.Single(), Is.TypeOf<PickupTransport>().With.Property("Name").EqualTo(folder.Outbox));
        Assert.That(RelayWiring.Seal(Configuration(), folder).Keys, Is.Empty);
    }

    [Test]
    public void Relays_are_a_list()
    {
        var transports = RelayWiring.Transports(Configuration(("Relays:0:Host", "a.example.org"), ("Relays:0:Connections", "7"), ("Relays:1:Host", "b.example.org"), ("Relays:1:Security", "tls")), new("/publication"));

        Assert.That(transports.Select(transport => (transport.Name, transport.Connections)), Is.EqualTo(new[] { ("a.example.org:587", 7), ("b.example.org:465", 4) }));
    }

    [Test]
    public void A_relay_without_host_or_with_an_impossible_value_is_named()
    {
        var configuration = Configuration(("Relays:0:Port", "25"), ("Relays:0:Connections", "0"));

        Assert.That(() => RelayWiring.Transports(configuration, new("/publication")),
            Throws.TypeOf<SettingException>().With.Message.Contain("Relays:0:Host is missing").And.Message.Contain("Relays:0:Connections"));
    }

    [Test]
    public void Keys_are_read_from_the_publications_folder()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("rsa.pem"), Dkim.RsaPem);
        File.WriteAllText(folder.File("ed.pem"), Dkim.Ed25519Pem);

        var seal = RelayWiring.Seal(Configuration([.. Key(0, "s1", "rsa.pem"), .. Key(1, "s2", folder.File("ed.pem"))]), new(folder.Path));

        Assert.That(seal.Keys.Select(key => key.PublicRecord), Is.EqualTo(Dkim.Seal.Keys.Select(key => key.PublicRecord)));
    }

    [Test]
    public void A_key_file_that_is_missing_or_none_or_twice_the_same_selector_is_said_with_its_place()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("rsa.pem"), Dkim.RsaPem);
        File.WriteAllText(folder.File("text.pem"), "no key");
        var root = new PublicationFolder(folder.Path);

        Assert.That(() => RelayWiring.Seal(Configuration(Key(0, "s1", "no.pem")), root),
            Throws.TypeOf<SettingException>().With.Message.StartWith($"Dkim:0:KeyFile {folder.File("no.pem")}: there is no such file").And.Message.Contain("openssl genrsa"));
        Assert.That(() => RelayWiring.Seal(Configuration(Key(0, "s1", "text.pem")), root), Throws.TypeOf<SettingException>().With.Message.Contain("no private key in PEM"));
        Assert.That(() => RelayWiring.Seal(Configuration([.. Key(0, "s1", "rsa.pem"), .. Key(1, "S1", "rsa.pem")]), root),
            Throws.TypeOf<SettingException>().With.Message.Contain("s1._domainkey.example.org"));
    }

    private static (string, string)[] Key(int index, string selector, string file) =>
        [($"Dkim:{index}:Domain", "example.org"), ($"Dkim:{index}:Selector", selector), ($"Dkim:{index}:KeyFile", file)];

    private static IConfiguration Configuration(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.ToDictionary(pair => pair.Key, pair => (string?)pair.Value)).Build();
}
