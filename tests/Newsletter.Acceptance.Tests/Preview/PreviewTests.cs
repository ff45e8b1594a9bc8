using System.Net;
using Newsletter.Acceptance.Tests.BadInput;

namespace Newsletter.Acceptance.Tests.Preview;

/// <summary><c>newsletter preview</c> as a browser asks it.</summary>
public sealed class PreviewTests
{
    private readonly APublication publication = new();

    [TearDown]
    public void Remove_the_folder() => publication.Dispose();

    [Test]
    public async Task Every_view_answers_and_lets_no_script_but_the_desk_s_own_run()
    {
        await using var preview = await PreviewRun.StartAsync(publication.Path);
        foreach (var (view, shows) in new[]
        {
            ("desktop", "<iframe"), ("phone", "<iframe"), ("dark", "<iframe"), ("forced", "<iframe"), ("images-off", "<iframe"), ("page", "<iframe"),
            ("text", "Hello Ada Sample."), ("source", "Hello {{ subscriber.name }}."), ("source&of=html", "&lt;!doctype html"),
        })
        {
            using var desk = await preview.Client.GetAsync($"/issues/0005-good?view={view}");
            using var letter = await preview.Client.GetAsync($"/issues/0005-good/letter?view={view}");
            var (ofDesk, ofLetter) = (desk.Headers.GetValues("Content-Security-Policy").Single(), letter.Headers.GetValues("Content-Security-Policy").Single());

            Assert.That((desk.StatusCode, letter.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)), view);
            Assert.That(await desk.Content.ReadAsStringAsync(), Does.Contain(shows).And.Contain("aria-current=\"page\""), view);
            Assert.That(ofDesk, Does.Contain("default-src 'none'").And.Contain("script-src 'self'").And.Contain("frame-ancestors 'none'"), view);
            Assert.That(ofLetter, Does.Contain("default-src 'none'").And.Contain("sandbox").And.Not.Contain("script"), view);
            Assert.That(ofLetter.Contains("img-src 'none'", StringComparison.Ordinal), Is.EqualTo(view == "images-off"), view);
        }
    }

    [Test]
    public async Task All_issues_are_listed_the_newest_first()
    {
        await File.WriteAllTextAsync(publication.File("issues", "0012-later.md"), "---\ntitle: Later\n---\n\nHello.\n");
        await File.WriteAllTextAsync(publication.File("issues", "notes.md"), "---\ntitle: Without a number\n---\n\nHello.\n");
        await using var preview = await PreviewRun.StartAsync(publication.Path);

        var list = await preview.Client.GetStringAsync("/");

        int[] places = [list.IndexOf("Later", StringComparison.Ordinal), list.IndexOf("Good", StringComparison.Ordinal), list.IndexOf("Without a number", StringComparison.Ordinal)];
        Assert.That(places, Is.Ordered.Ascending);
        Assert.That(places, Has.All.GreaterThan(0));
    }

    [Test]
    public async Task A_request_under_a_foreign_name_is_refused_and_this_machine_s_own_names_are_taken()
    {
        await using var preview = await PreviewRun.StartAsync(publication.Path);
        foreach (var (host, status) in new[]
        {
            ("evil.example", HttpStatusCode.MisdirectedRequest), ("evil.example:5090", HttpStatusCode.MisdirectedRequest), ("127.0.0.1.evil.example", HttpStatusCode.MisdirectedRequest),
            ("192.0.2.7", HttpStatusCode.MisdirectedRequest), ("localhost", HttpStatusCode.OK), ("[::1]:5090", HttpStatusCode.OK), ("127.0.0.1", HttpStatusCode.OK),
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/issues/0005-good?view=text");
            request.Headers.Host = host;
            using var answer = await preview.Client.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();

            Assert.That(answer.StatusCode, Is.EqualTo(status), host);
            Assert.That(text.Contains("Hello Ada", StringComparison.Ordinal), Is.EqualTo(status == HttpStatusCode.OK), host);
        }
    }

    [Test]
    public async Task A_file_saved_by_renaming_another_is_told_and_shown()
    {
        await using var preview = await PreviewRun.StartAsync(publication.Path);
        var before = await preview.Client.GetStringAsync("/issues/0005-good?view=text");
        await using var changes = preview.ChangesAsync(StateOf(before)).GetAsyncEnumerator();
        await changes.MoveNextAsync();

        await File.WriteAllTextAsync(publication.File("saving.tmp"), "---\ntitle: Good\n---\n\nQuite another text.\n");
        File.Move(publication.File("saving.tmp"), publication.File("issues", "0005-good.md"), overwrite: true);
        while (!changes.Current.StartsWith("data: ", StringComparison.Ordinal))
            Assert.That(await changes.MoveNextAsync(), Is.True);

        var after = await preview.Client.GetStringAsync("/issues/0005-good?view=text");
        Assert.That(after, Does.Contain("Quite another text."));
        Assert.That(StateOf(after), Is.EqualTo(changes.Current["data: ".Length..]).And.Not.EqualTo(StateOf(before)));
    }

    [Test]
    public async Task What_stands_around_an_issue_is_followed_too()
    {
        await using var preview = await PreviewRun.StartAsync(publication.Path);
        await using var changes = preview.ChangesAsync(StateOf(await preview.Client.GetStringAsync("/issues/0005-good"))).GetAsyncEnumerator();
        var states = new HashSet<string>();
        foreach (var file in new[] { publication.File("themes", "default", "letter.css"), publication.File("snippets", "hello.md"), publication.File("data", "jobs.yaml"), publication.File("images", "2026", "queue.svg"), publication.File("images.json") })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, "{}");

            do Assert.That(await changes.MoveNextAsync(), Is.True);
            while (!changes.Current.StartsWith("data: ", StringComparison.Ordinal));
            Assert.That(states.Add(changes.Current), Is.True, file);
        }
    }

    [Test]
    public async Task A_file_that_is_half_written_shows_the_last_good_letter_and_what_is_wrong()
    {
        await using var preview = await PreviewRun.StartAsync(publication.Path);
        await preview.Client.GetStringAsync("/issues/0005-good?view=text");
        foreach (var half in new[] { "", "---\ntitle: Go", "---\ntitle: [Good\n---\n\nHello.\n" })
        {
            await File.WriteAllTextAsync(publication.File("issues", "0005-good.md"), half);

            var desk = await preview.Client.GetStringAsync("/issues/0005-good?view=text");
            Assert.That(desk, Does.Contain("Hello Ada Sample.").And.Contain("This is an older letter").And.Contain("1 error"), half);
            Assert.That(await preview.Client.GetStringAsync("/issues/0005-good/letter"), Does.Contain("Hello Ada Sample."), half);
        }
    }

    [Test]
    public async Task A_file_that_is_gone_shows_the_last_good_letter_and_a_new_one_once_it_is_back()
    {
        await using var preview = await PreviewRun.StartAsync(publication.Path);
        await preview.Client.GetStringAsync("/issues/0005-good?view=text");

        File.Delete(publication.File("issues", "0005-good.md"));
        var gone = await preview.Client.GetStringAsync("/issues/0005-good?view=text");
        await File.WriteAllTextAsync(publication.File("issues", "0005-good.md"), "---\ntitle: Good\n---\n\nBack again.\n");
        var back = await preview.Client.GetStringAsync("/issues/0005-good?view=text");

        Assert.That(gone, Does.Contain("Hello Ada Sample.").And.Contain("cannot be read"));
        Assert.That(back, Does.Contain("Back again.").And.Not.Contain("older letter"));
    }

    [Test]
    public async Task A_problem_stands_beside_the_letter_with_its_line_and_what_to_do()
    {
        await File.WriteAllTextAsync(publication.File("issues", "0006-slip.md"), "---\ntitle: Slip\n---\n\nHello {{ no.such.name }}.\n");
        await using var preview = await PreviewRun.StartAsync(publication.Path);

        var desk = await preview.Client.GetStringAsync("/issues/0006-slip?view=source");

        Assert.That(desk, Does.Contain("name-unknown").And.Contain("view=source#L5").And.Contain("class=\"hint\"").And.Contain("<li id=\"L5\" class=\"error\">"));
    }

    [Test]
    public async Task A_letter_is_read_as_a_subscriber_of_the_list_or_with_values_of_one_s_own()
    {
        await publication.Newsletter.FeedAsync("email,name,city\nzoe@example.com,Zoë,Leiden\n", "subscribers", "import", "-");
        await File.WriteAllTextAsync(publication.File("issues", "0006-city.md"), "---\ntitle: City\n---\n\n{{ subscriber.name }} of {{ subscriber.fields.city | default: \"nowhere\" }}.\n");
        await using var preview = await PreviewRun.StartAsync(publication.Path, "0006", "--subscriber", "zoe@example.com");

        var preset = await preview.Client.GetStringAsync("/issues/0006-city?view=text");
        var own = await preview.Client.GetStringAsync("/issues/0006-city?view=text&name=Otto&fields.city=Ulm");
        var sample = await preview.Client.GetStringAsync("/issues/0006-city?view=text&as=");
        var nobody = await preview.Client.GetStringAsync("/issues/0006-city?view=text&as=who@example.com");

        Assert.That(WebUtility.HtmlDecode(preset), Does.Contain("Zoë of Leiden.").And.Contain("name=\"fields.city\""));
        Assert.That(own, Does.Contain("Otto of Ulm."));
        Assert.That(sample, Does.Contain("Ada Sample of nowhere."));
        Assert.That(nobody, Does.Contain("Ada Sample of nowhere.").And.Contain("nobody on the list has the address who@example.com"));
    }

    [Test]
    public async Task Looking_writes_nothing()
    {
        var before = publication.Everything.ToList();
        await using (var preview = await PreviewRun.StartAsync(publication.Path))
        {
            await preview.Client.GetStringAsync("/issues/0005-good?as=ada@example.com");
            await preview.Client.GetStringAsync("/issues/0005-good/letter");
        }

        Assert.That(publication.Everything, Is.EqualTo(before));
        Assert.That(Directory.Exists(publication.File("subscribers")), Is.False);
    }

    [TestCase("INT")]
    [TestCase("TERM")]
    public async Task It_ends_well_while_a_page_is_open(string signal)
    {
        if (signal is "INT")
            Machine.NeedCtrlC();
        await using var preview = await PreviewRun.StartAsync(publication.Path);
        await using var changes = preview.ChangesAsync("").GetAsyncEnumerator();
        await changes.MoveNextAsync();

        Assert.That(await preview.StopAsync(signal), Is.Zero);
    }

    [TestCase("0099", "preview", "0099")]
    [TestCase("nobody", "preview", "--subscriber", "who@example.com")]
    [TestCase("--urls", "preview", "--urls", "nonsense")]
    public async Task What_is_not_there_is_one_line_and_exit_code_1(string named, params string[] arguments) =>
        APublication.Says(await publication.Newsletter.RunAsync(arguments), 1, named, arguments[^1]);

    private static string StateOf(string page) => page.Split("data-state=\"")[1].Split('"')[0];
}
