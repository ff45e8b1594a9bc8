using Newsletter.Issues;

namespace Newsletter.Linting;

/// <summary>A kind of finding: its stable name, how bad it is, what it says and what to do about it. All of them: <see cref="LintCodes.All"/>.</summary>
/// <param name="Name">As in <c>lint: allow NAME</c>.</param>
/// <param name="Severity">An error keeps an issue from being sent.</param>
/// <param name="What">What is wrong, in general.</param>
/// <param name="Remedy">What to do about it, one sentence.</param>
public sealed record LintCode(string Name, Severity Severity, string What, string Remedy);
