using System.Security;

namespace Newsletter.Tests.Shared;

/// <summary>What <c>tests/run</c> says at its end of the tests that did not pass, read from the report of a test program.</summary>
public sealed class OutcomesTests
{
    private readonly TemporaryFolder folder = new();

    [TearDown]
    public void Remove_the_folder() => folder.Dispose();

    [Test]
    public async Task A_failed_test_is_named_with_the_beginning_of_what_it_said_and_where()
    {
        var message = string.Join('\n', ["  Expected: \"<a>\" & more", "  But was:  null", "", .. Enumerable.Range(1, 50).Select(i => $"line {i}")]);
        const string Stack = "   at Runner.Invoke()\n   at Some.Tests.It() in /a/b/SomeTests.cs:line 12\n\n1)    at Some.Tests.It() in /a/b/SomeTests.cs:line 12\n   at Some.Tests.More() in /a/b/More.cs:line 3";

        var said = await AskAsync("failed", Result("1", "It(\"x\")", "Failed", message, Stack, "seed 42"), Result("2", "Other", "Passed"));

        Assert.That(said.Split('\n')[..4], Is.EqualTo(new[] { "Some.Tests.It(\"x\")", "    Expected: \"<a>\" & more", "    But was:  null", "    line 1" }));
        Assert.That(said.Split('\n')[^4..], Is.EqualTo(new[] { "    at SomeTests.cs:line 12, Some.Tests.It()", "    at More.cs:line 3, Some.Tests.More()", "    said: seed 42", "" }));
        Assert.That(said, Does.Contain("line 10").And.Not.Contain("line 11\n").And.Not.Contain("Other").And.Not.Contain("Runner"));
    }

    [Test]
    public async Task A_thousand_that_fail_and_talk_still_leave_a_list_that_the_end_of_a_log_holds()
    {
        var words = string.Join('\n', Enumerable.Repeat(new string('x', 1000), 50));

        var said = await AskAsync("failed", [.. Enumerable.Range(0, 1000).Select(i => Result($"{i}", $"Fails_{i}", "Timeout", words, words, words))]);

        Assert.That(said, Has.Length.LessThan(20_000));
        Assert.That(said, Does.StartWith("Some.Tests.Fails_0\n    xxx").And.Contain("\nSome.Tests.Fails_99\nSome.Tests.Fails_100\n").And.EndWith(" more\n"));
    }

    [Test]
    public async Task A_skipped_test_has_its_reason_in_its_line()
    {
        var report = new[] { Result("1", "Fails", "Failed", "why"), Result("2", "Waits", "NotExecuted", "no server\nhere"), Result("3", "Passes", "Passed") };

        Assert.That(await AskAsync("skipped", report), Is.EqualTo("Some.Tests.Waits: no server here\n"));
    }

    private async Task<string> AskAsync(string list, params (string Result, string Definition)[] tests)
    {
        await File.WriteAllTextAsync(folder.File("some.trx"), $"""
            <TestRun>
              <Results>
            {string.Join('\n', tests.Select(test => test.Result))}
              </Results>
              <TestDefinitions>
            {string.Join('\n', tests.Select(test => test.Definition))}
              </TestDefinitions>
            </TestRun>
            """);
        return await Machine.RunAsync("awk", "-v", $"list={list}", "-f", Path.Combine(Source.Root, "tests", "outcomes.awk"), folder.File("some.trx"));
    }

    private static (string Result, string Definition) Result(string id, string name, string outcome, string message = "", string stack = "", string output = "") => (
        $"""
            <UnitTestResult executionId="e{id}" testId="{id}" testName="{SecurityElement.Escape(name)}" duration="00:00:01" outcome="{outcome}">
              <Output>
                <StdOut>{SecurityElement.Escape(output)}</StdOut>
                <ErrorInfo>
                  <Message>{SecurityElement.Escape(message)}</Message>
                  <StackTrace>{SecurityElement.Escape(stack)}</StackTrace>
                </ErrorInfo>
              </Output>
            </UnitTestResult>
        """,
        $"""
            <UnitTest name="{SecurityElement.Escape(name)}" id="{id}">
              <TestMethod className="Some.Tests" name="{SecurityElement.Escape(name)}" />
            </UnitTest>
        """);
}
