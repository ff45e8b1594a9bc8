using Microsoft.Extensions.Configuration;
using Newsletter.Addresses;
using Newsletter.Composing;
using Newsletter.Sending;

namespace Newsletter.Mailroom;

/// <summary>Sends proofs: an issue as a reader would get it, marked as none, to the addresses that the editor names. Counted nowhere; the issue stays unsent.</summary>
/// <remarks>By MailKit, whatever the relay offers: what the editor judges by should not depend on our own way of sending.</remarks>
public sealed class Proofs(IConfiguration configuration, PublicationFolder folder, Publication publication, DkimSeal seal, TimeProvider time)
{
    /// <summary>Sends one letter to each address, by the first relay that takes it.</summary>
    /// <param name="issue">A draft may be one.</param>
    /// <param name="to">Where the proofs go.</param>
    /// <param name="reader">Whose letter it is; without an address: that of whom it goes to.</param>
    /// <param name="stop">Ends it between two letters.</param>
    /// <returns>What became of each.</returns>
    public async Task<IReadOnlyList<(EmailAddress To, SmtpOutcome Outcome)>> SendAsync(RenderedIssue issue, IReadOnlyList<EmailAddress> to, PersonalValues reader, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var sandbox = EmailAddress.Read(configuration["Sending:Sandbox"]);
        var writer = new LetterWriter(sandbox is null ? Marked.Proof(issue) : Marked.Sandbox(Marked.Proof(issue)), publication, HarmlessAddresses.Of(publication, configuration), seal, now);
        await using var lines = new HouseLines(SendingPlan.Read(ByMailKit(), folder).For(EmailAddress.Read(publication.FromAddress)!.Domain));
        var outcomes = new List<(EmailAddress, SmtpOutcome)>();
        foreach (var address in to)
        {
            stop.ThrowIfCancellationRequested();
            // A proof of the same issue a minute later is another mail: mail programs drop what has the same Message-ID.
            var letter = writer.Write(DeliveryId.Of(now.ToUnixTimeMilliseconds(), outcomes.Count + 1), sandbox ?? address, reader with { Email = reader.Email.Length > 0 ? reader.Email : address.Value });
            outcomes.Add((address, await lines.SendAsync(letter with { Delivery = null })));
        }
        return outcomes;
    }

    private IConfiguration ByMailKit() => new ConfigurationBuilder().AddConfiguration(configuration)
        .AddInMemoryCollection(configuration.GetSection("Relays").GetChildren().Select(relay => KeyValuePair.Create($"{relay.Path}:{nameof(RelayOptions.Way)}", (string?)nameof(RelayWay.MailKit))))
        .Build();
}
