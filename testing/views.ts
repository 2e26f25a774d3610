import type { PersonId } from '../src/core/model/ids.ts';
import type { Refusal } from '../src/core/model/refusals.ts';
import type { Result } from '../src/lib/result.ts';
import type { Page, Version, ViewAnswer } from '../src/views/answer.ts';
import { Budget } from '../src/views/lists/budget.ts';
import type { ViewKey } from '../src/views/view-key.ts';
import { type Child, type ChildrenRequest, type Content, Views } from '../src/views/views.ts';
import { countingIds } from './ids.ts';
import { TestWorld, type TestWorldOptions } from './world.ts';

const PAGE = { order: 'asc', size: 50, index: 1, version: null } as const;

/** A world in memory with views of it. */
export class TestViews {
  readonly app: TestWorld;
  readonly views: Views;

  private constructor(app: TestWorld, views: Views) {
    this.app = app;
    this.views = views;
  }

  static async open(options: TestWorldOptions = {}, budget = new Budget()): Promise<TestViews> {
    const app = await TestWorld.open(options);
    const views = new Views(app.world.reader, { clock: app.clock, ids: countingIds(9) }, budget);
    app.observer.follow(views);
    return new TestViews(app, views);
  }

  content(viewer: PersonId, key: ViewKey, since: Version | null = null): Promise<Result<ViewAnswer<Content>, Refusal>> {
    return this.app.ask((_, done) => this.views.content(viewer, key, since, done));
  }

  page(
    viewer: PersonId,
    key: ViewKey,
    request: Partial<ChildrenRequest> = {},
  ): Promise<Result<ViewAnswer<Page<Child>>, Refusal>> {
    return this.app.ask((_, done) => this.views.page(viewer, key, { ...PAGE, ...request }, done));
  }

  /** An answer that must be there. */
  async must<T>(asked: Promise<Result<ViewAnswer<T>, Refusal>>): Promise<ViewAnswer<T>> {
    const result = await asked;
    if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.error)}`);
    return result.value;
  }

  /** The whole of a content, which must be there. */
  async whole<T>(asked: Promise<Result<ViewAnswer<T>, Refusal>>): Promise<T> {
    const answer = await this.must(asked);
    if (answer.type !== 'whole') throw new Error(`the answer is ${answer.type}`);
    return answer.value;
  }

  /** The type of the refusal, or of the answer. */
  async outcome<T>(asked: Promise<Result<ViewAnswer<T>, Refusal>>): Promise<string> {
    const result = await asked;
    return result.ok ? result.value.type : result.error.type;
  }
}
