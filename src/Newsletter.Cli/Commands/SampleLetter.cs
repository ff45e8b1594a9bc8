using Microsoft.Extensions.Configuration;
using Newsletter.Addresses;
using Newsletter.Composing;
using Newsletter.Mailroom;

namespace Newsletter.Cli;

/// <summary>A letter as a reader would get it, to a sample subscriber. Works without configuration: an issue can be looked at before anything is set up.</summary>
internal sealed class SampleLetter
{
    private const string Address = "ada.sample@example.org";
    private static readonly DeliveryId Delivery = new(new EditionId(1), new SubscriberId(1));

    private readonly OurAddresses _ours;
    private readonly DkimSeal _seal;

    private SampleLetter(Publication publication, OurAddresses ours, DkimSeal seal) => (Publication, _ours, _seal) = (publication, ours, seal);

    /// <summary>As configured; a sample where nothing is.</summary>
    public Publication Publication { get; }

    /// <summary>Of the sample subscriber.</summary>
    public PersonalValues Values => new() { Name = "Ada Sample", Email = Address, UnsubscribeUrl = _ours.UnsubscribeUrl(Delivery), PreferencesUrl = _ours.PreferencesUrl(Delivery) };

    /// <exception cref="SettingException">The publication is configured and has a fault.</exception>
    public static SampleLetter Open(IConfiguration configuration, PublicationFolder folder)
    {
        var publication = configuration.GetSection("Publication").Exists() ? configuration.Read<Publication>("Publication") : Unconfigured();
        // The sample's links lead nowhere, and looking at an issue makes no key file.
        return new(publication, HarmlessAddresses.Of(publication, configuration), RelayWiring.Seal(configuration, folder));
    }

    /// <summary>The complete message, dated as one that goes out today: filters and mail programs judge an old date. All day long the same octets.</summary>
    public ReadOnlyMemory<byte> Write(RenderedIssue issue) =>
        new LetterWriter(issue, Publication, _ours, _seal, new(TimeProvider.System.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero))
            .Write(Delivery, EmailAddress.Read(Address)!, Values).Bytes;

    private static Publication Unconfigured() => new()
    {
        Name = "Sample Newsletter",
        Description = "A newsletter that is not configured yet.",
        FromAddress = "editor@news.example.org",
        PostalAddress = "1 Example Street\n12345 Exampletown",
        BaseUrl = "https://news.example.org",
    };
}
