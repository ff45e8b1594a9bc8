using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using Newsletter.Acceptance.Tests.Servers;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Acceptance.Tests.Returns;

/// <summary>Real servers write the bounce, carry the reply and take the note to the editor; the house reads its mailbox over IMAP.</summary>
public sealed class WhatComesBackTests
{
    private static readonly CancellationToken Stop = CancellationToken.None;

    [Test]
    public async Task A_bounce_suspends_a_mail_to_leave_unsubscribes_and_a_reply_reaches_the_editor()
    {
        await using var servers = await MailServers.StartAsync();
        servers.AddUser("ann@readers.test");
        using var folder = new TemporaryFolder();
        await using var house = House(servers, folder);
        await house.GetRequiredService<Database>().MigrateAsync(Stop);
        var ours = house.GetRequiredService<OurAddresses>();
        var (ann, bob, cleo) = (await AddAsync(house, "ann@readers.test"), await AddAsync(house, "bob@readers.test"), await AddAsync(house, "cleo@readers.test"));

        await SendAsync(servers, ours.ReturnPath(bob), "bob@readers.test", "Field Notes 12"); // nobody has this mailbox: Postfix writes a DSN
        await SendAsync(servers, "ann@readers.test", ours.ReplyTo(ann), "Re: Field Notes 12");
        await SendAsync(servers, "cleo@readers.test", ours.UnsubscribeMail(cleo), "unsubscribe");
        await servers.WaitUntilQueueIsEmptyAsync();
        var taken = new List<TakenMail>();
        await house.GetRequiredService<Mailboxes>().ReceiveAsync(taken.Add, Stop);
        await servers.WaitUntilQueueIsEmptyAsync();

        var states = new List<SubscriptionState>();
        foreach (var delivery in (DeliveryId[])[ann, bob, cleo])
            states.Add((await house.GetRequiredService<SubscriberStore>().FindAsync(delivery.Subscriber, Stop))!.State);
        Assert.That(states, Is.EqualTo(new[] { SubscriptionState.Active, SubscriptionState.Suspended, SubscriptionState.Unsubscribed }), servers.Log);
        Assert.That(taken.Select(each => each.Mail.Kind), Is.EquivalentTo(new[] { "bounce", "reply", "unsubscribe" }));
        var thread = (await house.GetRequiredService<InboxStore>().ListAsync(null, 10, Stop)).Single();
        Assert.That((thread.Subscriber, thread.Subject), Is.EqualTo(((SubscriberId?)ann.Subscriber, "Re: Field Notes 12")));
        using var copy = new MemoryStream(servers.MailboxOf(MailServers.Editor).Single());
        var note = await MimeMessage.LoadAsync(copy, Stop);
        Assert.That((note.ReplyTo.ToString(), note.Subject), Is.EqualTo((ours.Forward(thread.Id, 1), "Re: Field Notes 12")));
    }

    private static ServiceProvider House(MailServers servers, TemporaryFolder folder)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Publication:Name"] = "Field Notes",
            ["Publication:FromAddress"] = "news@weekly.test",
            ["Publication:EditorAddress"] = MailServers.Editor,
            ["Publication:PostalAddress"] = "1 Mill Lane",
            ["Publication:BaseUrl"] = "https://news.weekly.test",
            ["Returns:Domain"] = MailServers.ReturnsDomain,
            ["Returns:Mailboxes:0:Kind"] = "Imap",
            ["Returns:Mailboxes:0:Host"] = "127.0.0.1",
            ["Returns:Mailboxes:0:Port"] = $"{servers.ImapPort}",
            ["Returns:Mailboxes:0:User"] = MailServers.Bounces,
            ["Returns:Mailboxes:0:Password"] = MailServers.Password,
            ["Returns:Mailboxes:0:Security"] = "None",
            ["Relays:0:Host"] = "127.0.0.1",
            ["Relays:0:Port"] = $"{servers.SubmissionPort}",
            ["Relays:0:Security"] = "None",
        };
        return new ServiceCollection().AddNewsletter(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), new PublicationFolder(folder.Path)).BuildServiceProvider();
    }

    private static async Task<DeliveryId> AddAsync(ServiceProvider house, string address)
    {
        var added = await house.GetRequiredService<SubscriberStore>().AddAsync(
            new Profile(EmailAddress.Read(address)!), new StandingChange(SubscriptionState.Active, "test", Actor.Import, DateTimeOffset.UnixEpoch), Stop);
        return new(new EditionId(12), ((Addition.Added)added).Id);
    }

    private static async Task SendAsync(MailServers servers, string from, string to, string subject)
    {
        using var client = new SmtpClient();
        await client.ConnectAsync("127.0.0.1", servers.SubmissionPort, SecureSocketOptions.None, Stop);
        var letter = new MimeMessage([MailboxAddress.Parse(from)], [MailboxAddress.Parse(to)], subject, new TextPart("plain") { Text = "hello" });
        await client.SendAsync(letter, MailboxAddress.Parse(from), [MailboxAddress.Parse(to)], Stop);
        await client.DisconnectAsync(quit: true, Stop);
    }
}
