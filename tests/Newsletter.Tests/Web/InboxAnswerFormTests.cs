using System.Net;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Mailroom;
using Newsletter.Storage;
using Newsletter.Web;

namespace Newsletter.Tests.Web;

/// <summary>What becomes of a form of the inbox that is refused, and of what is known of a mail when it is answered.</summary>
public sealed class InboxAnswerFormTests
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private readonly ErasingClock clock = new();
    private SiteHome home = null!;
    private AdminBrowser browser = null!;

    [SetUp]
    public async Task Open()
    {
        home = await SiteHome.OpenAsync(services => services.AddSingleton(provider => ActivatorUtilities.CreateInstance<ThreadActs>(provider, clock)), Role.Web, "Returns:LargestMail=65536");
        browser = await AdminBrowser.OpenAsync(home);
    }

    [TearDown]
    public async Task Close()
    {
        browser.Dispose();
        await home.DisposeAsync();
    }

    [TestCase("")]
    [TestCase(" \n ")]
    [TestCase("long")]
    public async Task A_refused_answer_comes_back_with_whom_it_was_for_and_whether_it_quotes(string text)
    {
        var id = await TakeAsync("ida@harbour.example");
        await TakeAsync("erik@work.example", home.Ours.Thread(id));
        var words = text == "long" ? new string('a', 100_001) : text;

        using var quoting = await PostAsync(id, ("act", "answer"), ("text", words), ("key", "k"), ("to", "erik@work.example"), ("quote", "on"));
        using var bare = await PostAsync(id, ("act", "answer-done"), ("text", words), ("key", "k"), ("to", "ida@harbour.example"));
        var (first, second) = (await quoting.Content.ReadAsStringAsync(), await bare.Content.ReadAsStringAsync());

        Assert.That((quoting.StatusCode, bare.StatusCode), Is.EqualTo((HttpStatusCode.Conflict, HttpStatusCode.Conflict)));
        Assert.That(first, Does.Contain("<option selected>erik@work.example</option>").And.Contain("<option>ida@harbour.example</option>").And.Contain("value=\"on\" checked />"));
        Assert.That(second, Does.Contain("<option selected>ida@harbour.example</option>").And.Contain("<option>erik@work.example</option>").And.Contain("value=\"on\" />"));
    }

    [Test]
    public async Task Another_button_that_is_refused_leaves_the_answers_form_as_it_opens()
    {
        var id = await TakeAsync("ida@harbour.example");

        using var refused = await PostAsync(id, ("act", "tag"), ("tag", " "));

        Assert.That(await refused.Content.ReadAsStringAsync(), Does.Contain("Nothing was changed").And.Contain("value=\"on\" checked />"));
    }

    [Test]
    public async Task A_conversation_that_is_forgotten_while_a_form_of_it_is_refused_is_not_there()
    {
        var id = await TakeAsync("ida@harbour.example");
        clock.Erase = () =>
        {
            using var connection = new SqliteConnection($"Data Source={home.Folder.Database};Pooling=false");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "delete from replies; delete from threads";
            command.ExecuteNonQuery();
        };

        using var refused = await PostAsync(id, ("act", "again"), ("answer", "7"));

        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await refused.Content.ReadAsStringAsync(), Does.Contain("There is nothing here"));
    }

    [TestCase(100_000, true)]
    [TestCase(1_000, false)]
    public async Task A_mail_that_was_cut_when_it_was_stored_says_how_much_of_it_is_there(int length, bool isCut)
    {
        var id = await TakeAsync("ida@harbour.example", text: string.Concat(Enumerable.Repeat("words\n", length / 6)));

        var page = await browser.GetStringAsync($"/inbox/{id}");

        Assert.That(page, isCut ? Does.Match("It was too large to be kept whole: 65,536 of its 100,[0-9]{3} bytes are kept \\(Returns:LargestMail\\)\\. The rest of it, files as well, is not here\\.") : Does.Not.Contain("kept whole"));
    }

    private async Task<long> TakeAsync(string from, string to = "editor@example.org", string text = "words\n")
    {
        await home.Services.GetRequiredService<ReturnDesk>().TakeAsync(Encoding.UTF8.GetBytes($"From: {from}\nTo: {to}\nSubject: Hello\nMessage-ID: <{from}>\n\n{text}"), "test", [], Stop);
        return (await home.Services.GetRequiredService<InboxStore>().ListAsync(null, 1, Stop)).Single().Id;
    }

    private Task<HttpResponseMessage> PostAsync(long id, params (string Name, string Value)[] fields) => browser.PostAsync($"/inbox/{id}", "/inbox", fields);

    /// <summary>Between the first look at a conversation and the second it is asked for the time.</summary>
    private sealed class ErasingClock : TimeProvider
    {
        public Action Erase { get; set; } = () => { };

        public override DateTimeOffset GetUtcNow()
        {
            Erase();
            return new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
        }
    }
}
