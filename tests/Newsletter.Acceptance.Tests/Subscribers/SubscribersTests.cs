using System.Text.Json;

namespace Newsletter.Acceptance.Tests;

public sealed class SubscribersTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private TheProgram Newsletter => field ??= new(folder.Path);

    [Test]
    public async Task An_import_lists_bad_rows_with_file_and_line_and_takes_all_others()
    {
        await File.WriteAllTextAsync(folder.File("list.csv"), "email,name\nada@example.org,Ada\nnobody,Bob\nzoe@example.org,Zoë\n");

        var import = await Newsletter.RunAsync("subscribers", "import", "list.csv");
        var list = await Newsletter.RunAsync("subscribers", "list", "--json");

        Assert.That((import.Code, import.ErrorLines), Is.EqualTo((1, new[] { "list.csv:3: \"nobody\" is no mail address" })).Using<(int Code, string[] Lines)>((one, other) => one.Code == other.Code && one.Lines.SequenceEqual(other.Lines)));
        Assert.That(import.Output, Does.StartWith("2 added, ").And.EndsWith("1 bad\n"));
        Assert.That(list.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("name").GetString()), Is.EqualTo(new[] { "Ada", "Zoë" }));
    }

    [Test]
    public async Task What_is_exported_goes_in_elsewhere_and_comes_out_the_same()
    {
        await Newsletter.FeedAsync("email,name,state,city\nada@example.org,=Ada,,Paris\nbob@example.org,Bob,unsubscribed,\n", "subscribers", "import", "-");
        using var other = new TemporaryFolder();
        var elsewhere = new TheProgram(other.Path);

        var first = await Newsletter.RunAsync("subscribers", "export", "-");
        var import = await elsewhere.FeedAsync(first.Output, "subscribers", "import", "-", "--json");
        var second = await elsewhere.RunAsync("subscribers", "export", "-");

        Assert.That((first.Code, import.Code, second.Code), Is.EqualTo((0, 0, 0)));
        Assert.That(JsonDocument.Parse(import.Output).RootElement.GetProperty("added").GetInt64(), Is.EqualTo(2));
        Assert.That(second.Output, Is.EqualTo(first.Output).And.Contain("bob@example.org,Bob,unsubscribed,"));
    }

    [Test]
    public async Task A_list_that_was_a_mistake_is_taken_back()
    {
        await Newsletter.FeedAsync("email,name\nada@example.org,Ada\n", "subscribers", "import", "-");
        await Newsletter.FeedAsync("email,name\nada@example.org,Wrong\nbob@example.org,Bob\n", "subscribers", "import", "-");

        var imports = await Newsletter.RunAsync("subscribers", "imports");
        var undo = await Newsletter.RunAsync("subscribers", "imports", "undo", "2");
        var unknown = await Newsletter.RunAsync("subscribers", "imports", "undo", "7");
        var list = await Newsletter.RunAsync("subscribers", "list");

        Assert.That(imports.Output, Does.Match(@"^2  \S+  done  standard input: 1 added, 1 updated, .*\n1  \S+  done  standard input: 1 added, "));
        Assert.That((undo.Code, undo.Output, unknown.Code), Is.EqualTo((0, "1 removed, 0 mailed no more, 0 had left before, 1 as before, 0 changed since and kept\n", 1)), undo.Errors);
        Assert.That(list.Output, Does.StartWith("ada@example.org\tactive\t").And.EndsWith("\tAda\n"));
    }

    [Test]
    public async Task Who_unsubscribed_comes_back_by_a_named_undo_and_not_by_a_list()
    {
        await Newsletter.RunAsync("subscribers", "add", "ada@example.org", "--name", "Ada");
        await Newsletter.RunAsync("subscribers", "unsubscribe", "Ada@Example.ORG");

        var import = await Newsletter.FeedAsync("email,state\nada@example.org,active\n", "subscribers", "import", "-");
        var add = await Newsletter.RunAsync("subscribers", "add", "ada@example.org");
        var wordless = await Newsletter.RunAsync("subscribers", "resume", "ada@example.org");
        var resume = await Newsletter.RunAsync("subscribers", "resume", "ada@example.org", "--why", "pressed by mistake");
        var show = await Newsletter.RunAsync("subscribers", "show", "ada@example.org", "--json");

        Assert.That(import.Output, Does.Contain("1 left alone (1 unsubscribed)"));
        Assert.That((add.Code, wordless.Code, resume.Code, show.Code), Is.EqualTo((1, 2, 0, 0)));
        Assert.That(JsonDocument.Parse(show.Output).RootElement.GetProperty("history").EnumerateArray().Select(line => line.GetProperty("state").GetString()),
            Is.EqualTo(new[] { "active", "unsubscribed", "active" }));
    }

    [Test]
    public async Task Who_complained_comes_back_only_where_that_is_said_and_what_is_lifted_is_told()
    {
        await Newsletter.FeedAsync("email,state\nada@example.org,complained\n", "subscribers", "import", "-");

        var refused = await Newsletter.RunAsync("subscribers", "resume", "ada@example.org", "--why", "asked by phone");
        var resumed = await Newsletter.RunAsync("subscribers", "resume", "ada@example.org", "--why", "asked by phone", "--although-complained");

        Assert.That((refused.Code, resumed.Code), Is.EqualTo((1, 0)), refused.Errors + resumed.Errors);
        Assert.That(refused.Errors, Does.Contain("they complained on ").And.Contain("--although-complained"));
        Assert.That(resumed.Errors, Does.StartWith("ada@example.org: active, no longer complained (since "));
    }

    [Test]
    public async Task What_is_edited_and_noted_is_shown_and_given_to_the_person_who_asks_for_their_data()
    {
        await Newsletter.RunAsync("subscribers", "add", "ada@example.org", "--name", "Ada");

        var edit = await Newsletter.RunAsync("subscribers", "edit", "ada@example.org", "--field", "city=Bern", "--tag", "press", "--time-zone", "Europe/Zurich", "--note", "asked for print");
        var again = await Newsletter.RunAsync("subscribers", "edit", "ada@example.org", "--tag", "press");
        var wrong = await Newsletter.RunAsync("subscribers", "edit", "ada@example.org", "--time-zone", "Mars/Base");
        var usage = await Newsletter.RunAsync("subscribers", "edit", "ada@example.org", "--field", "city");
        var nobody = await Newsletter.RunAsync("subscribers", "edit", "bob@example.org", "--tag", "press");
        var show = await Newsletter.RunAsync("subscribers", "show", "ada@example.org");
        var data = await Newsletter.RunAsync("subscribers", "data", "ada@example.org");
        var file = await Newsletter.RunAsync("subscribers", "data", "ada@example.org", "--out", "ada.json");
        var none = await Newsletter.RunAsync("subscribers", "data", "bob@example.org", "--out", "bob.json");

        Assert.That((edit.Code, again.Code, wrong.Code, usage.Code, nobody.Code, data.Code, file.Code, none.Code), Is.EqualTo((0, 0, 1, 2, 1, 0, 0, 1)), edit.Errors + data.Errors);
        Assert.That((edit.Errors, again.Errors), Is.EqualTo(("ada@example.org: fields, tags, time zone, note written\n", "ada@example.org: all of it stands so already; nothing changed\n")));
        Assert.That(show.Output, Does.Contain("field city:").And.Match(@"notes:\n  \S+Z  command \S+: asked for print\n"));
        var document = JsonDocument.Parse(data.Output).RootElement;
        Assert.That(document.GetProperty("subscriber")[0].GetProperty("fields").GetProperty("city").GetString(), Is.EqualTo("Bern"));
        Assert.That(document.GetProperty("notes")[0].GetProperty("words").GetString(), Is.EqualTo("asked for print"));
        Assert.That(OperatingSystem.IsWindows() || File.GetUnixFileMode(folder.File("ada.json")) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(File.Exists(folder.File("bob.json")), Is.False);
    }

    [Test]
    public async Task Who_is_barred_is_found_listed_and_exported_and_an_erased_one_is_found_alone()
    {
        await Newsletter.RunAsync("subscribers", "add", "zoe@example.org");
        await Newsletter.RunAsync("subscribers", "remove", "zoe@example.org");

        var add = await Newsletter.RunAsync("suppressions", "add", "ada@example.org", "--why", "=a letter");
        var file = await Newsletter.FeedAsync("email\nbob@example.org\nnobody\n", "suppressions", "add", "--file", "-", "--why", "moved");
        var both = await Newsletter.RunAsync("suppressions", "add", "ada@example.org", "--file", "-", "--why", "x");
        var import = await Newsletter.FeedAsync("email\nada@example.org\n", "subscribers", "import", "-");
        var (check, erased, free) = (await Newsletter.RunAsync("suppressions", "check", "Ada@Example.org"), await Newsletter.RunAsync("suppressions", "check", "zoe@example.org", "--json"), await Newsletter.RunAsync("suppressions", "check", "eve@example.org"));
        var (list, export) = (await Newsletter.RunAsync("suppressions", "list"), await Newsletter.RunAsync("suppressions", "export", "-"));
        var (remove, kept) = (await Newsletter.RunAsync("suppressions", "remove", "ada@example.org", "--why", "settled"), await Newsletter.RunAsync("suppressions", "remove", "zoe@example.org", "--why", "settled"));

        Assert.That((add.Code, file.Code, both.Code, remove.Code, kept.Code), Is.EqualTo((0, 1, 2, 0, 1)), add.Errors + file.Errors + both.Errors);
        Assert.That((file.Output, file.Errors), Is.EqualTo(("1 barred, 0 before, 1 bad\n", "-:3: no mail address stands there\n")));
        Assert.That(import.Output, Does.Contain("1 left alone (1 suppressed)"));
        Assert.That(check.Output, Does.StartWith("Ada@Example.org  manual  ").And.EndWith("  editor  =a letter\n"));
        Assert.That(JsonDocument.Parse(erased.Output).RootElement.GetProperty("reason").GetString(), Is.EqualTo("erased"));
        Assert.That(free.Output, Is.EqualTo("eve@example.org is not barred\n"));
        Assert.That(list.Output.Split('\n').Select(line => line.Split(' ')[0]), Is.EqualTo(new[] { "ada@example.org", "bob@example.org", "(erased)", "" }));
        Assert.That(export.Output, Does.Match("^email,reason,since,by,why\r\nada@example.org,manual,[^,]+Z,editor,'=a letter\r\nbob@example.org,[^\r]+\r\n$"));
        Assert.That(kept.Errors, Does.Contain("only they come back, by subscribing"));
    }

    [Test]
    public async Task What_was_kept_long_enough_is_told_before_it_goes()
    {
        var (dry, json) = (await Newsletter.RunAsync("retention", "--dry-run"), await Newsletter.RunAsync("retention", "--json", "--set", "Retention:Mails=90.00:00:00"));
        var wrong = await Newsletter.RunAsync("retention", "--set", "Retention:Pending=0.01:00:00");

        Assert.That(dry.Output, Is.EqualTo("never confirmed for 30 days: 0 people and 0 wishes would be forgotten\n"
            + "network addresses and agents of readers who left 365 days ago: 0 lines would be blanked\nreturned mails: all kept (Retention:Mails is not set)\n"), dry.Errors);
        Assert.That((json.Code, json.Output), Is.EqualTo((0, "{\"neverConfirmed\":0,\"wishes\":0,\"evidence\":0,\"mails\":0}\n")));
        Assert.That(wrong.Code, Is.EqualTo(1));
        Assert.That(wrong.Errors, Does.Contain("Retention:Pending"));
    }

    [Test]
    public async Task Who_is_removed_is_gone_and_no_list_brings_them_back()
    {
        await Newsletter.RunAsync("subscribers", "add", "ada@example.org", "--name", "Ada");

        var remove = await Newsletter.RunAsync("subscribers", "remove", "ada@example.org");
        var import = await Newsletter.FeedAsync("email\nada@example.org\n", "subscribers", "import", "-");
        var export = await Newsletter.RunAsync("subscribers", "export", "-");

        Assert.That((remove.Code, import.Code), Is.EqualTo((0, 0)));
        Assert.That(import.Output, Does.Contain("1 left alone (1 suppressed)"));
        Assert.That(export.Output, Does.Not.Contain("ada"));
        Assert.That(remove.Errors, Does.Contain(".Processed").And.Contain("outbox/"), "what it does not reach");
    }

    [Test]
    public async Task Who_never_subscribed_or_wrote_again_after_they_were_removed_is_forgotten_as_well()
    {
        await Newsletter.RunAsync("subscribers", "add", "ada@example.org");
        await Newsletter.RunAsync("subscribers", "remove", "ada@example.org");
        await File.WriteAllTextAsync(folder.File("appsettings.json"), """{"Publication":{"Name":"Field Notes","FromAddress":"editor@example.org","PostalAddress":"1 Mill Lane","BaseUrl":"https://news.example.org"}}""");
        await Newsletter.FeedAsync("From: Ada <Ada@example.org>\nTo: editor@example.org\nSubject: lapwings\n\nOne more thing.\n", "receive", "-");
        await Newsletter.FeedAsync("From: Bob <bob@example.org>\nTo: editor@example.org\nSubject: gates\n\nHello.\n", "receive", "-");

        var ada = await Newsletter.RunAsync("subscribers", "remove", "ada@example.org");
        var again = await Newsletter.RunAsync("subscribers", "remove", "ada@example.org");
        var inbox = await Newsletter.RunAsync("inbox", "--json");
        var bob = await Newsletter.RunAsync("subscribers", "remove", "bob@example.org");

        Assert.That((ada.Code, again.Code, bob.Code), Is.EqualTo((0, 1, 0)), ada.Errors + again.Errors + bob.Errors);
        Assert.That(ada.Errors, Does.StartWith("forgotten: 1 mail by or about an address that is no subscriber's\n"));
        Assert.That(inbox.Output, Does.Contain("bob@example.org").And.Not.Contain("lapwings"));
    }

    [Test]
    public async Task What_holds_people_is_for_its_owner_alone()
    {
        await Newsletter.RunAsync("subscribers", "add", "ada@example.org");
        await Newsletter.RunAsync("subscribers", "export", "out.csv");

        var rights = await Machine.RunAsync("stat", "--format=%a", folder.File("subscribers", "newsletter.db"), folder.File("out.csv"));

        Assert.That(rights, Is.EqualTo("600\n600\n"));
    }

    [TestCase("subscribers", "import", "no-such.csv", "no-such.csv: no such file")]
    [TestCase("subscribers", "show", "nobody@example.org", "nobody@example.org is no subscriber")]
    [TestCase("subscribers", "add", "nobody", "nobody is no mail address")]
    public async Task A_mistake_is_said_in_one_line(string verb, string what, string argument, string expected)
    {
        var run = await Newsletter.RunAsync(verb, what, argument);

        Assert.That((run.Code, run.Output, run.ErrorLines.Single()), Is.EqualTo((1, "", run.ErrorLines[0])));
        Assert.That(run.Errors, Does.StartWith($"newsletter: {expected}"));
    }

    public void Dispose() => folder.Dispose();
}
