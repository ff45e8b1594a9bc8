[assembly: Newsletter.Acceptance.Tests.ClosesWindows]
[assembly: Parallelizable(ParallelScope.All)]
[assembly: FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
